"""By which names and addresses this machine is reached in its network."""

import fcntl
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final

Address = IPv4Address | IPv6Address
HOST_NAME: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
ALWAYS: Final = frozenset({"localhost", "127.0.0.1", "::1"})
SIOCGIFADDR: Final = 0x8915
INTERFACES: Final = Path("/proc/net/if_inet6")
TEMPORARY, TENTATIVE, LINK_LOCAL = 0x01, 0x40, 0x20


def address_of(name: str) -> Address | None:
    """Return what a name says when it is an address; None when it is a name."""
    try:
        return ip_address(name.strip("[]"))
    except ValueError:
        return None


def own_names() -> frozenset[str]:
    """Return every name and address of this machine that a browser could be given for it."""
    return ALWAYS | set(_host_names()) | {str(address) for address in _addresses()}


def _host_names() -> Iterator[str]:
    full = socket.gethostname().lower()
    short = full.partition(".")[0]
    # In most networks without a name server of their own a machine is found as NAME.local.
    yield from filter(HOST_NAME.fullmatch, (full, short, f"{short}.local"))


def _addresses() -> Iterator[Address]:
    with suppress(OSError):
        for *_kind, (host, *_port) in socket.getaddrinfo(socket.gethostname(), None):
            yield from _usable(str(host))
    for address in (*_by_interface(), *_ipv6()):
        yield from _usable(address)


def _usable(written: str) -> Iterator[Address]:
    address = address_of(written)
    if address and not (address.is_link_local or address.is_loopback or address.is_unspecified):
        yield address


def _by_interface() -> Iterator[str]:
    # Linux tells the address of each interface; elsewhere the name of the machine must do.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _index, name in socket.if_nameindex():
            with suppress(OSError):
                asked = struct.pack("256s", name.encode()[:15])
                yield socket.inet_ntoa(fcntl.ioctl(probe, SIOCGIFADDR, asked)[20:24])


def _ipv6() -> Iterator[str]:
    # One that lasts: a temporary one is another tomorrow.
    with suppress(OSError):
        for line in INTERFACES.read_text().splitlines():
            address, _index, _prefix, scope, flags, _name = line.split()
            if not (int(scope, 16) & LINK_LOCAL or int(flags, 16) & (TEMPORARY | TENTATIVE)):
                yield socket.inet_ntop(socket.AF_INET6, bytes.fromhex(address))

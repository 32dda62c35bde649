"""The words of a PDF as its reader finds them, without a library for it: only what typst writes is understood."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

STREAM: Final = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
WORDS: Final = re.compile(rb"/(f\d+) [\d.]+ Tf[^(\[]*(.*?)T[jJ]", re.DOTALL)
ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
PLAIN: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(pdf: bytes) -> list[str]:
    """Return the words of each page, without any space: where lines break is the layout's business."""
    fonts = _fonts(pdf)
    contents = [_plain(content) for content in _objects(pdf, rb"/Contents (\d+) 0 R")]
    return ["".join(_read(match, fonts) for match in WORDS.finditer(content)) for content in contents]


def _objects(pdf: bytes, reference: bytes) -> list[bytes]:
    numbers = re.findall(reference, pdf)
    return [pdf.split(b"\n" + number + b" 0 obj", 1)[1].split(b"endobj", 1)[0] for number in numbers]


def _plain(content: bytes) -> bytes:
    found = STREAM.search(content)
    assert found
    return zlib.decompress(found[1])


def _fonts(pdf: bytes) -> dict[bytes, dict[bytes, str]]:
    fonts = {}
    for name, number in set(re.findall(rb"/(f\d+) (\d+) 0 R", pdf)):
        (font,) = _objects(pdf, b"/" + name + rb" (" + number + rb") 0 R")[:1]
        (written,) = _objects(font + pdf, rb"/ToUnicode (\d+) 0 R")[:1]
        pairs = re.findall(rb"^<([0-9A-F]{4})> <([0-9A-F]+)>", _plain(written), re.MULTILINE)
        fonts[name] = {
            bytes.fromhex(glyph.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs
        }
    return fonts


def _read(match: re.Match[bytes], fonts: dict[bytes, dict[bytes, str]]) -> str:
    glyphs, letters = b"".join(_strings(match[2])), fonts[match[1]]
    text = "".join(letters[glyphs[place : place + 2]] for place in range(0, len(glyphs), 2))
    return re.sub("[\\s\u200b]", "", text)


def _strings(operand: bytes) -> Iterator[bytes]:
    """Yield the strings of an operand; brackets inside a string are escaped or balanced."""
    depth, string = 0, b""
    for part in re.findall(rb"\\[0-7]{1,3}|\\.|.", operand, re.DOTALL):
        if part == b")" and depth == 1:
            yield string
        depth += {b"(": 1, b")": -1}.get(part, 0)
        if depth == 0 or (part == b"(" and depth == 1):
            string = b""
        else:
            string += ESCAPE.sub(_unescaped, part)


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if code.isdigit() else PLAIN.get(code, code)

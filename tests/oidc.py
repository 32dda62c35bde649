"""An OpenID Connect issuer on loopback that speaks the real protocol, and lies when a test wants it to."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT: Final = "suara-loket"
SECRET: Final = "shared-with-the-issuer"
KEY: Final = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
FORGED: Final = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class Issuer(ThreadingHTTPServer):
    """Issues tokens about `person`; `claims` override what a token says, None leaves a claim out."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.person, self.claims = "asha", dict[str, Any]()
        self.described: dict[str, Any] = {}
        self.key: RSAKey | OctKey = KEY
        self.algorithm = "RS256"
        self.asked: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def description(self) -> dict[str, Any]:
        """Describe the issuer to whoever discovers it."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
            **self.described,
        }

    def authorized(self, asked: dict[str, str]) -> str:
        """Return where the browser goes with its code: the person is signed in here already."""
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        assert asked["state"]
        assert asked["nonce"]
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Give a code its token, once, to the client it was made for; None when something is not right."""
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self._codes.pop(sent.get("code", ""), None)
        proof = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        if asked is None or authorization != f"Basic {basic}" or sent["redirect_uri"] != asked["redirect_uri"]:
            return None
        if base64.urlsafe_b64encode(proof).decode().rstrip("=") != asked["code_challenge"]:
            return None
        token = jwt.encode(
            {"alg": self.algorithm, "kid": "one"}, self._said(asked["nonce"]), self.key, algorithms=[self.algorithm]
        )
        return {"access_token": "opaque", "token_type": "Bearer", "expires_in": 60, "id_token": token}

    def _said(self, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        said = {
            "iss": self.address,
            "sub": "4711",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "auth_time": now,
            "preferred_username": self.person,
            **self.claims,
        }
        return {name: value for name, value in said.items() if value is not None}


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """Run an issuer while the block lasts."""
    issuer = Issuer()
    thread = threading.Thread(target=issuer.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield issuer
    finally:
        issuer.shutdown()
        thread.join()
        issuer.server_close()


class _Answers(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.server.authorized(_plain(address.query)))
            self.end_headers()
        elif address.path == "/.well-known/openid-configuration":
            self._json(200, self.server.description())
        else:
            self._json(200, {"keys": [KEY.as_dict(private=False)]})

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        token = self.server.token(_plain(sent), self.headers.get("Authorization", ""))
        self._json(200 if token else 400, token or {"error": "invalid_grant"})

    def log_message(self, *_words: object) -> None:
        pass

    def _json(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _plain(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}

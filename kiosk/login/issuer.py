"""The OpenID Connect issuer that people may sign in with, when the settings name one."""

import time
from typing import Any, Final

import requests
from authlib.integrations.base_client.errors import OAuthError
from flask import Flask, abort, current_app, session
from flask.typing import ResponseReturnValue
from flask_security import Security
from flask_security.oauth_provider import FsOAuthProvider
from joserfc.errors import JoseError

from kiosk.context import services
from shared.db.sign_ins import LIFETIME
from shared.logs import logger
from shared.settings import Settings

NAME: Final = "issuer"
SECONDS: Final = 5  # an issuer that does not answer must not hold our few threads
LEEWAY: Final = 60
AGAIN_WITHIN: Final = 300
AS_LONG_AS_OURS: Final = str(int(LIFETIME.total_seconds()))
"""How long ago, in seconds, somebody may have signed in at the issuer. Asked for so, it also says when that was."""
SECOND_STEPS: Final = frozenset({"otp", "mfa", "hwk"})
ALGORITHMS: Final = ("RS256", "PS256", "ES256")
BROKEN: Final = (OAuthError, JoseError, requests.RequestException, ValueError, TypeError, KeyError, RuntimeError)
log = logger(__name__)


class NotSignedIn(Exception):
    """The issuer did not say who this is; `problem` is what the sign-in page tells about it."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Issuer(FsOAuthProvider):
    """The issuer as the sign-in library registers it: code flow with PKCE, everything else by discovery."""

    def __init__(self, settings: Settings) -> None:
        secret = settings.oidc_client_secret
        super().__init__(
            NAME,
            {
                "client_id": settings.oidc_client_id,
                "client_secret": secret.get_secret_value() if secret else None,
                "server_metadata_url": f"{str(settings.oidc_issuer).rstrip('/')}/.well-known/openid-configuration",
                "client_kwargs": {
                    "scope": "openid profile",
                    "code_challenge_method": "S256",
                    "default_timeout": SECONDS,
                },
            },
        )


def options(settings: Settings) -> dict[str, Any]:
    """Return what the sign-in library is told about an issuer."""
    return {"SECURITY_OAUTH_ENABLE": settings.oidc_issuer is not None, "SECURITY_OAUTH_BUILTIN_PROVIDERS": []}


def install(app: Flask, library: Security, settings: Settings) -> None:
    """Register the issuer, when there is one; pages know it by its name."""
    app.jinja_env.globals["issuer_name"] = settings.oidc_name
    if library.oauthglue:
        library.oauthglue.register_provider_ext(Issuer(settings))


def send_to_issuer(answer_to: str, *, again: bool) -> ResponseReturnValue:
    """Send the browser to the issuer, `again` to have the person prove anew who they are; raise NotSignedIn."""
    client = _client()
    # One at a time: what is remembered of each that was begun would outgrow the cookie.
    for name in [name for name in session if name.startswith("_state_")]:
        session.pop(name)
    try:
        _metadata(client)
        response: ResponseReturnValue = client.authorize_redirect(
            answer_to, **({"prompt": "login", "max_age": "0"} if again else {"max_age": AS_LONG_AS_OURS})
        )
    except BROKEN as error:
        raise _away(error) from error
    return response


def claims_of_answer() -> dict[str, Any]:
    """Return what the issuer says about the person, after every check of it; raise NotSignedIn."""
    client, settings = _client(), services().settings
    expected = {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
    }
    try:
        _metadata(client)
        token = client.authorize_access_token(claims_options=expected, leeway=LEEWAY)
        return dict(token["userinfo"])
    except OAuthError as error:
        if error.error in {"access_denied", "mismatching_state"}:
            raise NotSignedIn("not_finished") from error
        raise _away(error) from error
    except BROKEN as error:
        raise _away(error) from error


def has_second_step(claims: dict[str, Any]) -> bool:
    """Say whether the issuer saw more than a password: only its own word in `amr` counts."""
    methods = claims.get("amr")
    return isinstance(methods, list) and any(method in SECOND_STEPS for method in methods if isinstance(method, str))


def is_just_now(claims: dict[str, Any]) -> bool:
    """Say whether the person proved to the issuer a short while ago who they are."""
    when = claims.get("auth_time")
    return isinstance(when, int | float) and abs(time.time() - when) < AGAIN_WITHIN


def _client() -> Any:
    glue = current_app.extensions["security"].oauthglue
    return glue.authlib_provider(NAME) if glue else abort(404)


def _metadata(client: Any) -> None:
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != services().settings.oidc_issuer:
        raise ValueError("the issuer's description is of another issuer")
    # Never what the issuer's description would allow: a token signed with our own shared secret, or not at all.
    metadata["id_token_signing_alg_values_supported"] = list(ALGORITHMS)


def _away(error: Exception) -> NotSignedIn:
    log.warning("issuer refused or away", error=type(error).__name__)
    return NotSignedIn("issuer")

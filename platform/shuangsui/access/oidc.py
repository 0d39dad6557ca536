"""What is spoken with an authority's sign-in server: OpenID Connect, code flow with PKCE, by authlib.

Nothing is decided here: the answer is the claims of an ID token that is the server's, for us, fresh, and the answer to
our own question.
"""

from __future__ import annotations

import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shuangsui.errors import BadInput, Misconfigured, NotAllowed, OutsideFailed
from shuangsui.ledger.keys import Keyring
from shuangsui.tenancy.schema import Oidc

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""What a token may be signed with: never the client's secret, never nothing."""
PATIENCE = timedelta(minutes=10)
"""How long somebody may take at the other server."""
SECONDS, LEEWAY = 10, 60
SCOPE = "openid profile"


@dataclass(frozen=True, slots=True)
class Asked:
    """What we asked, kept sealed in the browser until it comes back."""

    state: str
    nonce: str
    verifier: str
    next: str
    until: str


def ask(oidc: Oidc, redirect: str, moment: datetime, next_: str) -> tuple[str, Asked]:
    """The address at the other server that somebody is sent to; :class:`OutsideFailed` ``oidc_unreachable``."""
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    asked = Asked(state, nonce, verifier, next_, (moment + PATIENCE).isoformat())
    with _talk() as http:
        end = _discovered(http, oidc)["authorization_endpoint"]
        client = _client(http, oidc, redirect)
        more = {"state": asked.state, "nonce": asked.nonce, "scope": SCOPE}
        address, _ = client.create_authorization_url(end, code_verifier=asked.verifier, **more)
    return str(address), asked


def claims(oidc: Oidc, redirect: str, asked: Asked, code: str) -> Mapping[str, Any]:
    """Who came back, by the other server's word.

    :class:`OutsideFailed` ``oidc_unreachable``; :class:`NotAllowed` ``oidc_refused`` for a code or token that is wrong.
    """
    with _talk() as http:
        found = _discovered(http, oidc)
        client = _client(http, oidc, redirect)
        token = client.fetch_token(found["token_endpoint"], code=code, code_verifier=asked.verifier)
        keys = KeySet.import_key_set(_json(http, found["jwks_uri"]))
        return verified(str(token["id_token"]), keys, oidc, asked.nonce, str(token.get("access_token", "")))


def verified(text: str, keys: KeySet, oidc: Oidc, nonce: str, access_token: str) -> Mapping[str, Any]:
    """The claims of an ID token; an error of authlib's or joserfc's for one that does not hold."""
    token = jwt.decode(text, keys, algorithms=ALGORITHMS)
    wanted: dict[str, Any] = {
        "iss": {"essential": True, "value": oidc.issuer},
        "aud": {"essential": True, "value": oidc.client_id},
    }
    params = {"nonce": nonce, "client_id": oidc.client_id, "access_token": access_token}
    read = CodeIDToken(token.claims, token.header, wanted, params)
    read.validate(leeway=LEEWAY)
    return dict(read)


def sealed(keyring: Keyring, asked: Asked, tenant: str) -> str:
    """As a cookie carries it."""
    text = json.dumps(asdict(asked)).encode()
    return urlsafe_b64encode(keyring.seal(text, tenant=tenant, purpose="oidc", row="asked")).decode()


def opened(keyring: Keyring, cookie: str, tenant: str, state: str, moment: datetime) -> Asked:
    """What this very browser asked; :class:`BadInput` ``oidc_over`` for another's answer, or one that is too late."""
    try:
        text = keyring.open(urlsafe_b64decode(cookie), tenant=tenant, purpose="oidc", row="asked")
    except (ValueError, Misconfigured):
        raise BadInput("oidc_over") from None
    asked = Asked(**json.loads(text))
    same = secrets.compare_digest(asked.state.encode(), state.encode())
    if not same or moment > datetime.fromisoformat(asked.until):
        raise BadInput("oidc_over")
    return asked


class _Auth(ClientAuth, httpx.Auth):  # type: ignore[misc] # authlib has no types
    """The library's ways to prove who the client is, as the HTTP client takes them."""

    requires_request_body = True

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        headers = {name: value for name, value in request.headers.items() if name != "content-length"}
        url, headers, body = self.prepare(request.method, str(request.url), headers, request.content)
        yield httpx.Request(request.method, url, headers=headers, content=body)


class _Client(OAuth2Client):  # type: ignore[misc] # authlib has no types
    client_auth_class = _Auth


@contextmanager
def _talk() -> Iterator[httpx.Client]:
    """A client that follows nobody elsewhere and waits for nobody long; every failure is one of ours."""
    try:
        with httpx.Client(timeout=SECONDS, follow_redirects=False) as http:
            yield http
    except httpx.HTTPError as error:
        raise OutsideFailed("oidc_unreachable", reason=type(error).__name__) from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
        raise NotAllowed("oidc_refused", reason=type(error).__name__) from error


def _client(http: httpx.Client, oidc: Oidc, redirect: str) -> OAuth2Client:
    secret = os.environ.get(oidc.secret_env) if oidc.secret_env else None
    if oidc.secret_env and not secret:
        raise Misconfigured("oidc_secret_missing", variable=oidc.secret_env)
    more = {"redirect_uri": redirect, "code_challenge_method": "S256"}
    return _Client(http, client_id=oidc.client_id, client_secret=secret, **more)


def _discovered(http: httpx.Client, oidc: Oidc) -> Mapping[str, str]:
    """The server's own description, which must be of the issuer itself and lead nowhere unencrypted."""
    found = _json(http, f"{oidc.issuer}/.well-known/openid-configuration")
    ends = {end: str(found[end]) for end in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if found["issuer"] != oidc.issuer or not all(
        one.startswith(("https://", f"{oidc.issuer}/")) for one in ends.values()
    ):
        raise ValueError("issuer")
    return ends


def _json(http: httpx.Client, address: str) -> Any:
    answer = http.get(address, headers={"Accept": "application/json"})
    answer.raise_for_status()
    return answer.json()

"""Which ID tokens hold: the server's, for us, fresh, and the answer to our own question."""

from __future__ import annotations

import time
from typing import Any, get_args

import httpx
import pytest
from authlib.common.errors import AuthlibBaseError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey, RSAKey

from shuangsui.access import oidc
from shuangsui.access.policy import Role
from shuangsui.tenancy.schema import Oidc, RoleName

KEY, OTHER = RSAKey.generate_key(2048, auto_kid=True), RSAKey.generate_key(2048, auto_kid=True)
KEYS = KeySet([KEY])
SERVER = Oidc(issuer="https://sso.example", client_id="shuangsui", roles={"a": "leader"})
NONCE = "n-1"


def claims(**changes: Any) -> dict[str, Any]:
    """A good token's; None takes one away, and a number of seconds counts from now."""
    now = int(time.time())
    good = {
        "iss": "https://sso.example", "aud": "shuangsui", "sub": "s-1", "iat": now, "exp": now + 300, "nonce": NONCE,
    }  # fmt: skip
    said = {name: now + value if isinstance(value, int) else value for name, value in changes.items()}
    return {name: value for name, value in {**good, **said}.items() if value is not None}


def read(key: Any = KEY, alg: str = "RS256", **changes: Any) -> Any:
    """What the platform makes of such a token."""
    text = jwt.encode({"alg": alg, "kid": KEY.kid}, claims(**changes), key, algorithms=[alg])
    return oidc.verified(text, KEYS, SERVER, NONCE, "access")


def test_a_good_token_is_read():
    """Every claim of it, ours included; two minutes of difference between the clocks are too many, one is not."""
    assert read(groups=["a"])["groups"] == ["a"]
    assert read(exp=-30)["sub"] == "s-1"
    assert read(aud=["shuangsui", "x"], azp="shuangsui")["sub"] == "s-1"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": ["shuangsui", "x"], "azp": "x"},
        {"sub": None},
        {"nonce": "n-2"},
        {"nonce": None},
        {"exp": -120},
        {"exp": None},
        {"iat": 600},
        {"nbf": 600},
        {"at_hash": "of-another-token"},
        {"key": OTHER},
        {"key": OctKey.import_key("x" * 32), "alg": "HS256"},
    ],
    ids="+".join,
)
def test_a_token_that_does_not_hold_is_refused(changes):
    """Another server's or client's, an old one, an answer to another question, by another key or algorithm."""
    with pytest.raises((AuthlibBaseError, JoseError, ValueError)):
        read(**changes)


def test_a_token_that_nobody_signed_is_refused():
    """``none`` is no algorithm."""
    head, body, _ = jwt.encode({"alg": "RS256", "kid": KEY.kid}, claims(), KEY).split(".")
    for text in (f"{head}.{body}.", "eyJhbGciOiJub25lIn0." + body + ".", "", "x"):
        with pytest.raises((JoseError, ValueError)):
            oidc.verified(text, KEYS, SERVER, NONCE, "")


def test_a_key_that_a_token_brings_along_is_not_looked_at():
    """Neither in its head nor by an address there."""
    for brought in ({"jwk": OTHER.as_dict(private=False)}, {"jku": "https://evil.example/keys"}, {"kid": OTHER.kid}):
        text = jwt.encode({"alg": "RS256", **brought}, claims(), OTHER, algorithms=["RS256"])
        with pytest.raises((JoseError, ValueError)):
            oidc.verified(text, KEYS, SERVER, NONCE, "")


DESCRIPTION = {
    "issuer": "https://sso.example", "authorization_endpoint": "https://sso.example/authorize",
    "token_endpoint": "https://sso.example/token", "jwks_uri": "https://keys.example/jwks",
}  # fmt: skip


def described(**changes: Any) -> Any:
    """What the platform makes of a server that describes itself so."""
    answer = httpx.MockTransport(lambda _: httpx.Response(200, json={**DESCRIPTION, **changes}))
    with httpx.Client(transport=answer) as http:
        return oidc._discovered(http, SERVER)


def test_a_server_describes_itself():
    """Its addresses are taken from what it says."""
    assert described() == {name: DESCRIPTION[name] for name in DESCRIPTION if name != "issuer"}


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example"},
        {"issuer": "https://sso.example/"},
        {"token_endpoint": "http://sso.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_a_description_of_another_server_is_refused(changes):
    """Exactly the issuer that was configured, and nothing unencrypted."""
    with pytest.raises(ValueError, match="issuer"):
        described(**changes)


def test_the_roles_that_a_file_may_name_are_the_roles():
    """One list is typed in the schema, which stands below the other."""
    assert get_args(RoleName) == tuple(str(role) for role in Role)

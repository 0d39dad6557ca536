"""Secrets in options: told by name and type, and never shown."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import SecretBytes, SecretStr

from shuangsui.contracts import PluginOptions
from shuangsui.extension.loading import host
from shuangsui.extension.secrecy import MASK, exposed_options, masked, sealed_options, sounds_secret
from shuangsui.settings import Settings

SECRETS = [
    "api_key", "apikey", "apiKey", "key", "keys", "access_key", "secretKey", "credential", "credentials", "pin",
    "smtp_pass", "passwd", "password", "password2", "passphrase", "pwd", "token", "tokens", "access_token",
    "token_value", "client_secret", "secret_key", "bearer", "authorization", "gateway_auth", "jwt", "口令", "接口密钥",
]  # fmt: skip
HARMLESS = [
    "api_key_env", "secrets_env", "token_address", "token_path", "token_expired", "report_token_env", "public_key",
    "address", "keyword", "monkey", "spin", "opinion", "compass", "bypass", "secretary", "passing", "author", "pinned",
]  # fmt: skip


class Options(PluginOptions):
    """Every way in which an option may be a secret, or not."""

    word: str = ""
    auth: Literal["basic", "none"] = "none"
    use_token: bool = False
    token_env: str = "T"
    pin: int = 0
    password: SecretStr = SecretStr("")
    more: tuple[SecretStr, ...] = ()
    raw: SecretBytes | None = None


@pytest.mark.parametrize("name", SECRETS)
def test_option_that_would_hold_a_secret_is_known_by_its_name(name):
    """However vendors write it."""
    assert sounds_secret(name)


@pytest.mark.parametrize("name", HARMLESS)
def test_option_that_only_speaks_of_secrets_is_not_one(name):
    """The name of a variable, an address, a word that ends alike."""
    assert not sounds_secret(name)


def test_type_decides_what_is_hidden_and_what_is_refused():
    """A whole number may be a PIN, a choice is nothing to hide, and what is typed as a secret is sealed."""
    assert exposed_options(Options) == ["pin"]
    assert sealed_options(Options) == {"password", "more", "raw"}


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [("password", "k4n4ri", MASK), ("more", ("k4n4ri",), MASK), ("password", "", ""), ("more", (), ()),
     ("raw", None, None), ("password", SecretStr("k4n4ri"), MASK), ("word", "k4n4ri", "k4n4ri")],
)  # fmt: skip
def test_secret_is_shown_as_being_there(key, value, shown):
    """And as not being there where there is none."""
    assert masked(Options, key, value) == shown


def test_first_party_plugins_keep_secrets_in_the_environment():
    """None of them has an option that is typed as one."""
    plugins = host(Settings()).plugins
    assert plugins
    assert {one.name: sorted(sealed_options(one.options)) for one in plugins if sealed_options(one.options)} == {}

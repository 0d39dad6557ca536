"""Which options of a plugin are secrets, and what people get to see of them; pure.

A secret stands in an environment variable that an option ending in ``_env`` names. One that is typed as a pydantic
``SecretStr`` may stand in a file that only operators read; it is never kept in the database and never shown.
"""

from __future__ import annotations

import re
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretBytes, SecretStr

from shuangsui.contracts import PluginOptions

MASK = "（不显示）"
ENV = "_env"
_WORDS = (
    "pass(?:word|wd|phrase|code)?", "pwd", "pin", "secret", "token", "credential", "cred", "(?:api|access|secret)?key",
    "auth", "authori[sz]ation", "bearer", "jwt",
)  # fmt: skip
_NAME = re.compile(rf"(?:^|_)(?<!public_)(?:{'|'.join(_WORDS)})s?\d*(?:_(?:value|text))?$|口令|密码|密钥|令牌")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def sounds_secret(option: str) -> bool:
    """Whether an option of this name would hold a secret itself; ``token_address`` would not, nor ``token_env``."""
    return bool(_NAME.search(_HUMP.sub("_", option).lower()))


def sealed_options(options: type[PluginOptions]) -> frozenset[str]:
    """The options typed as secrets, lists and optional ones included."""
    return frozenset(key for key, info in options.model_fields.items() if _holds_secret(info.annotation))


def variable_options(options: type[PluginOptions]) -> frozenset[str]:
    """The options that name environment variables: the operator's, who knows whose secret is in which."""
    return frozenset(key for key in options.model_fields if key.endswith(ENV))


def operators_options(options: type[PluginOptions]) -> frozenset[str]:
    """What stands in files only: the secrets, and the names of the variables that hold some."""
    return sealed_options(options) | variable_options(options)


def exposed_options(options: type[PluginOptions]) -> list[str]:
    """The options that hold a secret by their name and would show it by their type; a choice is no secret."""
    found = [key for key, info in options.model_fields.items() if not _is_choice(info.annotation)]
    return [key for key in found if key not in sealed_options(options) and sounds_secret(key)]


def masked(options: type[PluginOptions], key: str, value: Any) -> Any:
    """A value as it may be shown, kept or recorded: of a secret whether there is one."""
    return MASK if key in sealed_options(options) and value not in (None, "", ()) else value


def _is_choice(annotation: Any) -> bool:
    return annotation is bool or get_origin(annotation) is Literal


def _holds_secret(annotation: Any) -> bool:
    return annotation in (SecretStr, SecretBytes) or any(map(_holds_secret, get_args(annotation)))

"""Whether what is sealed could be opened now, key by key; nothing is opened for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shuangsui.errors import BadInput, OutsideFailed, ShuangsuiError
from shuangsui.vault.policy import KeyName
from shuangsui.vault.service import Vault


@dataclass(frozen=True, slots=True)
class Examined:
    """How many texts are under a key, and what keeps it from opening them.

    ``key`` None: plain texts, or, without any, that there is no current key.
    """

    key: KeyName | None
    count: int
    problem: ShuangsuiError | None


def examined(vault: Vault, counts: Mapping[KeyName | None, int]) -> Iterator[Examined]:
    """Every key that something is sealed under, and the current one even if nothing is; plain texts last."""
    current, broken = _current(vault)
    for key in sorted({one for one in counts if one} | ({current} if current else set())):
        yield Examined(key, counts.get(key, 0), _problem(vault, key))
    if broken:
        yield Examined(None, 0, broken)
    if plain := counts.get(None, 0):
        yield Examined(None, plain, BadInput("sealed_plain", count=plain))


def _current(vault: Vault) -> tuple[KeyName | None, ShuangsuiError | None]:
    try:
        return vault.current(), None
    except OutsideFailed as error:
        return None, error


def _problem(vault: Vault, key: KeyName) -> ShuangsuiError | None:
    try:
        vault.try_key(key)
    except OutsideFailed as error:
        return error
    return None

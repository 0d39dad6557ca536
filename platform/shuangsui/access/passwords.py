"""Passwords: Argon2id with the library's defaults; made, compared and judged here, stored and shown elsewhere."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shuangsui.access import profiles
from shuangsui.access.profiles import MOST, Terms
from shuangsui.errors import BadInput

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that are mistaken for each other when somebody types them from paper."""

AT_ONCE = 4
"""Each comparison takes 64 MiB; strangers must not make a process take as many of them as it has threads."""

_hasher = PasswordHasher()
_turns = BoundedSemaphore(AT_ONCE)


def one_time() -> str:
    """A random password of 99 bits in four groups, with letters and digits; it serves for the first sign-in only."""
    while True:
        made = "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
        if re.search(r"[a-z]", made) and re.search(r"[0-9]", made):
            return made


def is_one_time(password: str) -> bool:
    """Whether it has the form of those that are given out: an own one that is only due for a change has another."""
    return re.fullmatch(rf"[{ALPHABET}]{{5}}(-[{ALPHABET}]{{5}}){{3}}", password) is not None


def hashed(password: str) -> str:
    """What is stored."""
    with _turns:
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; nothing stored takes the same time and is never right."""
    dummy = _dummy()  # by whoever comes first: otherwise the first stranger would wait for two
    try:
        with _turns:
            return _hasher.verify(stored or dummy, password[: MOST + 1]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def renewed(stored: str, password: str) -> str:
    """The same hash, or a new one if the library's defaults have become stronger since."""
    return hashed(password) if _hasher.check_needs_rehash(stored) else stored


def check_own(password: str, terms: Terms, *, login: str, name: str, before: Iterable[str] = ()) -> None:
    """Whether a person may choose it; ``before`` are the hashes of present and former ones, the newest first.

    :class:`BadInput` ``password_as_given``, ``password_old`` and what :func:`profiles.check` refuses.
    """
    if is_one_time(password):
        raise BadInput("password_as_given")
    profile = terms.passwords
    profiles.check(profile, password, login=login, words=(name, *terms.words))
    if any(matches(one, password) for one in list(before)[: profile.former]):
        raise BadInput("password_old", former=profile.former)


def former(stored: str | None, before: Iterable[str]) -> list[str]:
    """The hashes kept once ``stored`` is replaced, the newest first."""
    return ([stored, *before] if stored else list(before))[: profiles.KEPT]


@cache
def _dummy() -> str:
    """A hash that no password has: its own was random and is forgotten."""
    return hashed(secrets.token_urlsafe(32))

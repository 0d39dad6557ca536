"""What an authority asks of those who sign in: its profile of passwords, and whose password alone is not enough; pure.

等保2.0 wants kinds of characters and a change every quarter, OWASP ASVS wants neither: hence two profiles, and a choice
in ``tenant.toml``. What is refused as too easy comes from the person, the authority and a few words and keyboard rows
of our own, never from somebody's list of stolen passwords.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from shuangsui.access.policy import ADMINISTRATORS, Role
from shuangsui.errors import BadInput
from shuangsui.said import say
from shuangsui.tenancy.tenant import Tenant

MOST = 256
"""Longer ones only make the hash work."""
DISTINCT = 5
"""So many different characters must be left of a password without what everybody would guess."""
KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


ONCE_DAYS = 7
"""A password that somebody else gave out opens nothing after so many days."""


@dataclass(frozen=True, slots=True)
class Profile:
    """``kinds`` of characters of the four; due again after ``days``; none of the last ``former`` ones comes back.

    One that somebody else gave out opens nothing after ``once`` days.
    """

    name: str
    least: int
    kinds: int
    days: int | None
    former: int
    once: int = ONCE_DAYS

    def due(self, since: datetime | None, moment: datetime) -> bool:
        """Whether a password set then must be changed now."""
        return self.days is not None and since is not None and moment - since >= timedelta(days=self.days)

    def expired(self, since: datetime | None, moment: datetime) -> bool:
        """Whether a one-time password given out then has waited too long for its person."""
        return since is not None and moment - since >= timedelta(days=self.once)


DENGBAO3 = Profile("dengbao3", least=10, kinds=3, days=90, former=5)
ASVS = Profile("asvs", least=12, kinds=1, days=None, former=1)
PROFILES: Mapping[str, Profile] = MappingProxyType({one.name: one for one in (DENGBAO3, ASVS)})
KEPT = max(one.former for one in PROFILES.values()) - 1
"""Hashes kept besides the present one, whatever the profile: it may be changed any day."""

FACTOR: Mapping[str, frozenset[Role]] = MappingProxyType(
    {DENGBAO3.name: frozenset({*ADMINISTRATORS, Role.LEADER}), ASVS.name: frozenset(ADMINISTRATORS)}
)
"""Who never gets in by a password alone, unless the authority says that a second factor is everybody's own choice."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Of one authority; the default asks the most.

    ``words``: its names, which are no passwords; ``label``: how a telephone lists its codes.
    """

    passwords: Profile = DENGBAO3
    factor_for: frozenset[Role] = FACTOR[DENGBAO3.name]
    words: tuple[str, ...] = ()
    label: str = "双随机"


def terms_of(tenant: Tenant) -> Terms:
    """As ``tenant.toml`` and the folders above it have them."""
    profile = PROFILES[tenant.password_profile]
    demanded = FACTOR[profile.name] if tenant.factor_demanded else frozenset[Role]()
    label = f"双随机 {tenant.short}".replace(":", " ")
    return Terms(profile, demanded, (tenant.slug, tenant.name, tenant.short), label)


def check(profile: Profile, password: str, *, login: str, words: Iterable[str]) -> None:
    """Whether it will do, whoever had it before.

    :class:`BadInput` ``password_short``, ``password_kinds``, ``password_obvious``.
    """
    if not profile.least <= len(password) <= MOST:
        raise BadInput("password_short", least=profile.least, most=MOST)
    if sum(bool(re.search(kind, password)) for kind in KINDS) < profile.kinds:
        raise BadInput("password_kinds", kinds=profile.kinds)
    if _left(password, [login, *words]) < DISTINCT:
        raise BadInput("password_obvious", login=login)


def rule(profile: Profile) -> str:
    """One sentence for the form."""
    kinds = (
        say("，大写字母、小写字母、数字、其他字符中至少有 {kinds} 种", kinds=profile.kinds) if profile.kinds > 1 else ""
    )
    former = (
        say("不能与最近 {former} 次的口令相同", former=profile.former) if profile.former > 1 else "不能与原口令相同"
    )
    days = say("；每 {days} 天须更换一次", days=profile.days) if profile.days else ""
    return say(
        "至少 {least} 个字符{kinds}；不能由登录名、姓名、机关名称、常用词和连续的字符拼成，{former}{days}。",
        least=profile.least,
        kinds=kinds,
        former=former,
        days=days,
    )


_STEMS = (
    "administrator", "password", "passwort", "iloveyou", "changeme", "supervisor", "inspector", "shuangsui",
    "security", "welcome", "letmein", "default", "manager", "secret", "passwd", "system", "kouling", "gongshi",
    "jingxin", "xinxi", "admin", "audit", "guest", "hello", "leader", "login", "woaini", "zhifa", "temp", "demo",
    "mima", "pass", "root", "test", "user", "口令", "密码", "管理员", "双随机",
)  # fmt: skip
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "!@#$%^&*()_+",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
)  # fmt: skip
_BOTH_WAYS = tuple(row[::step] for row in _ROWS for step in (1, -1))
_FOR_LETTERS = str.maketrans("@4301!57$", "aaeoiists")


def _left(password: str, words: Iterable[str]) -> int:
    """How many different characters remain of it; words are seen through digits and signs in the place of letters."""
    text = unicodedata.normalize("NFKC", password).casefold()
    for word in sorted({*_parts(words), *_STEMS}, key=len, reverse=True):
        while (at := max(text.find(word), text.translate(_FOR_LETTERS).find(word))) >= 0:
            text = text[:at] + text[at + len(word) :]
    return len(set(_without_runs(text)))


def _parts(words: Iterable[str]) -> set[str]:
    """The words and what they are made of; Chinese ones count from two characters."""
    folded = [unicodedata.normalize("NFKC", word).casefold() for word in words]
    parts = {part for word in folded for part in (word, *re.split(r"[\W_]+", word))}
    return {part for part in parts if len(part) > 2 or (len(part) == 2 and not part.isascii())}


def _without_runs(text: str) -> str:
    kept, i = [], 0
    while i < len(text):
        run = _run(text, i)
        kept += [] if run > 2 else [text[i]]
        i += run if run > 2 else 1
    return "".join(kept)


def _run(text: str, start: int) -> int:
    """How many characters from here lie beside each other on some keyboard row or in the alphabet."""
    end = start + 1
    while end < len(text) and any(text[start : end + 1] in row for row in _BOTH_WAYS):
        end += 1
    return end - start

"""The two profiles of passwords, line by line."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsui.access import passwords, profiles
from shuangsui.access.policy import Role
from shuangsui.access.profiles import ASVS, DENGBAO3, PROFILES, Profile
from shuangsui.errors import BadInput

WORDS = ("张伟明", "moushi", "某市经济和信息化委员会", "某市经济信息委")
TABLE = [
    # password, by 等保, by OWASP
    ("Ab3defgh!", "password_short", "password_short"),
    ("Kt7mw#rq9z", None, "password_short"),
    ("kt7mwrq9zvfh", "password_kinds", None),
    ("kt7mw#rq9zvf", None, None),
    ("brown kettle on the roof", "password_kinds", None),
    ("Brown kettle on the roof", None, None),
    ("蓝色水壶放在屋顶上面了 Z", "password_kinds", None),
    ("蓝色水壶放在屋顶上面了 Z9", None, None),
    ("Zhang.Weiming1", "password_obvious", "password_obvious"),
    ("weimingZHANG99", "password_obvious", "password_obvious"),
    ("张伟明Abc20261234", "password_obvious", "password_obvious"),
    ("Moushi2026!!", "password_obvious", "password_obvious"),
    ("某市经济信息委Abc123", "password_obvious", "password_obvious"),
    ("P@ssw0rd12345", "password_obvious", "password_obvious"),
    ("Admin@123456", "password_obvious", "password_obvious"),
    ("Qwertyuiop123!", "password_obvious", "password_obvious"),
    ("1qaz2wsx3EDC$", "password_obvious", "password_obvious"),
    ("abababababab", "password_kinds", "password_obvious"),
    ("Aa1!Aa1!Aa1!", "password_obvious", "password_obvious"),
    ("Zyxwvut98765!", "password_obvious", "password_obvious"),
    ("ＰＡＳＳＷＯＲＤ１２３４５ａ", "password_kinds", "password_obvious"),
    ("Tr9#" * 64, "password_obvious", "password_obvious"),
    ("Tr9#" * 64 + "x", "password_short", "password_short"),
]


def said(profile: Profile, password: str) -> str | None:
    """The code of the refusal."""
    try:
        profiles.check(profile, password, login="zhang.weiming", words=WORDS)
    except BadInput as error:
        return error.code
    return None


@pytest.mark.parametrize(("password", "dengbao3", "asvs"), TABLE, ids=[f"{one[0][:24]}" for one in TABLE])
def test_what_each_profile_says_of_a_password(password, dengbao3, asvs):
    """One row of the table."""
    assert (said(DENGBAO3, password), said(ASVS, password)) == (dengbao3, asvs)


@pytest.mark.parametrize(("profile", "days"), [(DENGBAO3, 90), (ASVS, None)])
def test_when_a_password_is_due(profile, days):
    """Ninety days by 等保, never by OWASP; one never set is not old."""
    now = datetime(2026, 6, 15, tzinfo=UTC)
    due = [profile.due(now - timedelta(days=age), now) for age in (0, 89, 90, 4000)]
    assert due == ([False, False, True, True] if days else [False] * 4)
    assert not profile.due(None, now)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_when_a_one_time_password_has_expired(profile):
    """After seven days by both; before anybody gave one out there is nothing to expire."""
    now = datetime(2026, 6, 15, tzinfo=UTC)
    week = timedelta(days=7)
    over = [profile.expired(now - age, now) for age in (timedelta(0), week - timedelta.resolution, week)]
    assert (over, profile.expired(None, now)) == ([False, False, True], False)


@given(st.text(string.ascii_letters + string.digits + string.punctuation, min_size=0, max_size=300))
def test_no_text_breaks_a_profile(password):
    """Whatever is typed is taken or refused with a sentence."""
    assert {said(one, password) for one in PROFILES.values()} <= {
        None, "password_short", "password_kinds", "password_obvious",
    }  # fmt: skip


def test_the_rule_on_the_form_says_what_is_checked():
    """Every number of the profile stands in it."""
    found = {name: [int(n) for n in re.findall(r"\d+", profiles.rule(one))] for name, one in PROFILES.items()}
    assert found == {"dengbao3": [10, 3, 5, 90], "asvs": [12]}


def test_one_time_passwords_have_letters_and_digits():
    """Four groups of characters that nobody mistakes for each other."""
    made = [passwords.one_time() for _ in range(500)]
    assert len(set(made)) == 500
    assert [one for one in made if said(DENGBAO3, one) or not re.fullmatch(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", one)] == []


def test_whose_password_alone_is_never_enough():
    """The three administrators; by 等保 whoever approves as well."""
    administrators = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
    assert {"dengbao3": administrators | {Role.LEADER}, "asvs": administrators} == profiles.FACTOR

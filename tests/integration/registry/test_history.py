"""Every change of a registry can be read later: who, when, from, to, source (R6.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from shuangsui.db import move_clock, now
from shuangsui.registry import history
from shuangsui.registry.policy import altered, canonical, plain
from shuangsui.registry.service import import_file
from shuangsui.registry.tables import RegistryChange

from .conftest import CODES, FIRMS


@pytest.fixture
def noon(scope, write):
    """Three files on three days; the moment between the first and the second."""
    files = {
        "一月.csv": FIRMS,
        "二月.csv": [FIRMS[0], [*FIRMS[1][:2], "江北区", *FIRMS[1][3:]], FIRMS[2]],
        "三月.csv": FIRMS[:1],
    }
    moments = []
    for name, rows in files.items():
        with scope("chongqing") as session:
            import_file(session, "objects", write("objects", rows, name), actor="lead")
            move_clock(session, timedelta(days=1))
        with scope("chongqing") as session:
            moments.append(now(session) - timedelta(hours=12))
    return moments


def test_r6_5_change_keeps_who_when_from_to_and_source(scope, noon):
    """One firm moves to another district."""
    with scope("chongqing") as session:
        found = list(history.changes_between(session, "objects", noon[0], noon[1]))
    (past,) = found
    assert (past.actor, past.source, past.key, past.change) == ("lead", "二月.csv", CODES[1], "changed")
    assert altered(past.before, past.after) == {"district": ("渝中区", "江北区")}
    assert noon[0] < past.at < noon[1]


def test_r6_5_removal_before_a_draw_is_visible(scope, noon):
    """The whole row is kept as it was."""
    with scope("chongqing") as session:
        found = list(history.changes_between(session, "objects", noon[1]))
    assert [(past.key, past.change, past.after) for past in found] == [(code, "removed", None) for code in CODES[1:3]]
    assert found[0].before == {
        "code": CODES[1], "name": "乙有限公司（模拟）", "district": "江北区", "address": None, "gate": None,
        "industry": None, "risk_class": None, "items": ["JX-03"], "flags": [], "status": "active",
    }  # fmt: skip


def test_life_of_one_object(scope, noon):
    """Of one key, oldest first; the moment ``until`` itself is left out."""
    with scope("chongqing") as session:
        past = [one.change for one in history.changes_between(session, "objects", key=CODES[1])]
        assert past == ["added", "changed", "removed"]
        everything = list(history.changes_between(session, "objects"))
        assert list(history.changes_between(session, "objects", until=everything[-1].at)) == everything[:4]
        assert list(history.changes_between(session, "experts")) == []


def test_history_cannot_be_rewritten(scope, noon):
    """The database itself refuses, by a trigger or because the application has no right to."""
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"), scope("chongqing") as session:
        session.exec(select(RegistryChange)).first().before = {"name": "别的公司"}


def test_rows_that_came_or_went_have_no_altered_columns():
    """There is nothing to compare with."""
    assert (altered(None, {"a": 1}), altered({"a": 1}, None)) == ({}, {})


def test_canonical_form_is_one_for_one_content():
    """Neither the order of members nor tuple against list matters."""
    assert canonical(plain({"b": (1,), "a": None})) == canonical({"a": None, "b": [1]})

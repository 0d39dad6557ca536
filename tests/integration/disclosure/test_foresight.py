"""Deadlines that a revision would move are those that move once it is in force."""

from __future__ import annotations

from typing import Any

import pytest

from authority import Authority
from inspecting import team
from shelf import Place
from shuangsui.calendar import official
from shuangsui.db import now
from shuangsui.disclosure import foresight, terms
from shuangsui.disclosure.clocks import Terms
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.extension.overlay import seated
from shuangsui.rules import revising
from shuangsui.rules.revisions import Change, Revision


@pytest.fixture
def authority(place: Place) -> Authority:
    return Authority(place.engine, place.folder, place=place)


def office(authority: Authority, trial: Revision | None = None) -> Office:
    """As every request sees it."""
    with authority.session() as session:
        tree = seated(session, authority.office.tree, trial)
    return Office(tree, tree.get("chongqing"), authority.office.keyring)


def test_preview_of_last_days_equals_what_the_daily_work_then_makes_of_them(authority: Authority) -> None:
    """20 working days become 15: the open result is due five working days earlier, and so says the preview."""
    one = team(authority).whole()
    with authority.session() as session:
        today = legal_day(now(session))
        terms.refresh(session, Terms.of(authority.office.rules(today)), official(), today)
    change = Change("publication.days", "set", 15, "第二条")
    before, after = office(authority), office(authority, Revision(1, today, (change,)))
    with authority.session() as session:
        seen = foresight.foresee(session, before, before.rules(today), after.rules(today))
    assert [(moved.kind, moved.key, moved.old, moved.new, moved.earlier) for moved in seen.moved] == [
        ("result", f"{one.no}/1", official().add(today, 20).due, official().add(today, 15).due, True)
    ]
    assert (seen.on, seen.keys, [line.changed for line in seen.lines]) == (today, ["publication.days"], [False])
    said: Any = {"trial": lambda _: None, "today": today}
    with authority.session() as session:
        n = revising.draft(session, [change], actor="lead", **said).n
        revising.propose(session, n, today, "从严", actor="lead", **said)
        revising.approve(session, n, actor="leader", **said)
    with authority.session() as session:
        rules = office(authority).rules(today)
        terms.refresh(session, Terms.of(rules), official(), today)
        open_ = {(term.kind, term.key): term.due for term in terms.due_list(session, official().add(today, 40).due)}
    assert open_ == {(moved.kind, moved.key): moved.new for moved in seen.moved}

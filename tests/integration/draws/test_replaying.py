"""What a revision's preview says of the last plan is what a draw finds once the revision is in force."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlmodel import select

from authority import Authority, experts, inspectors, line_terms, objects
from shuangsui.draws import changing
from shuangsui.draws.office import Office, get_file
from shuangsui.draws.replaying import Replay, replay
from shuangsui.draws.tables import Draw, DrawnTask
from shuangsui.errors import RuleRefused
from shuangsui.extension.overlay import seated
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.rules import revising
from shuangsui.rules.policy import Rules
from shuangsui.rules.revisions import Change, Revision
from shuangsui.tenancy.tree import Tree


def to(key: str, value: Any) -> Change:
    """A change of the city's own."""
    return Change(key, "set", value, "第二条", "某〔2026〕1号")


@dataclass
class Bench:
    """An authority whose rules are revised: looked at in advance, then in force."""

    authority: Authority
    files: Tree

    def foresee(self, *changes: Change) -> list[Replay]:
        """Every line of its last plan."""
        after, today = self.office(Revision(99, self.authority.today, changes)), self.authority.today
        before = self.office()
        with self.authority.session() as session:
            return [*replay(session, before, before.rules(today), after.rules(today))]

    def enact(self, *changes: Change) -> None:
        """In force from today."""
        said: Any = {"trial": lambda _: None, "today": self.authority.today}
        with self.authority.session() as session:
            n = revising.draft(session, changes, actor="lead", **said).n
            revising.propose(session, n, self.authority.today, "试点", actor="lead", **said)
            revising.approve(session, n, actor="leader", **said)
        self.authority.office = self.office()

    def office(self, trial: Revision | None = None) -> Office:
        """As every request sees it."""
        with self.authority.session() as session:
            tree = seated(session, self.files, trial)
        return Office(tree, tree.get("chongqing"), self.authority.office.keyring)

    def statuses(self, draw: Draw) -> dict[str, str]:
        """Object → status, as frozen."""
        with self.authority.session() as session:
            rows = csv.DictReader(io.StringIO(get_file(session, draw, "frame.csv").decode()))
            return {row["id"]: row["status"] for row in rows}

    def void(self) -> None:
        """The leadership voids the only draw, so that its round is drawn again."""
        with self.authority.session() as session:
            no = session.exec(select(Draw.no)).one()
            changing.void(session, no, "试点", actor="leader")


@pytest.fixture
def bench(authority: Authority) -> Bench:
    """A round of one line was drawn from 200 objects."""
    authority.drawn()
    return Bench(authority, authority.office.tree)


def agrees(seen: Replay, draw: Draw, statuses: dict[str, str]) -> None:
    """Every figure and every object."""
    assert (seen.after.quota, seen.after.statuses) == (draw.draft["quota"], statuses)
    assert (seen.after.team, seen.after.alternates) == (draw.draft["teams"]["size"], draw.draft["alternates"])


def test_nothing_changes_where_the_rules_do_not(bench: Bench) -> None:
    """And what is replayed is the draw that was held."""
    seen = bench.foresee(to("publication.days", 15))[0]
    with bench.authority.session() as session:
        draw = session.exec(select(Draw)).one()
    agrees(seen, draw, bench.statuses(draw))
    assert (seen.changed, seen.draw, len(seen.after.chosen)) == (False, draw.no, seen.after.drawn)


@pytest.mark.parametrize(
    "changes",
    [
        [to("recusal.after_inspection_days", 30), to("draw.alternates", 3)],
        [to("draw.least_percent", ("FLAG=10", "A=1"))],
    ],
    ids=["rest", "least"],
)
def test_figures_equal_a_real_freeze_after_it_took_effect(bench: Bench, changes: Sequence[Change]) -> None:
    """The round is voided and frozen again under the revised rules: same quota, same statuses, same team."""
    seen = bench.foresee(*changes)[0]
    bench.enact(*changes)
    bench.void()
    draw = bench.authority.freeze()
    agrees(seen, draw, bench.statuses(draw))


def test_who_goes_out_and_comes_in_again(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects with a bad record that another line has drawn, under rules that no longer exempt them from the limit.

    The city's own measures lock this rule, so it is changed in the values.
    """
    rows = [row | {"flags": "complaints|信访|2026-01-01"} if i < 30 else row for i, row in enumerate(objects(600))]
    authority.take_in(objects=rows, inspectors=inspectors(12), experts=experts(5))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()), ("JX-11", line_terms()))
    authority.draw(line=1)
    with authority.session() as session:
        drawn = {task.object_code for task in session.exec(select(DrawnTask))}
    flagged = sorted(drawn & {row["code"] for row in rows[:30]})
    rules, key = authority.office.rules(authority.today), "frequency.flagged_exempt"
    strict = Rules(rules.on, {**rules.ladders, key: (replace(rules[key], value=False),)})
    with authority.session() as session:
        first, second = replay(session, authority.office, rules, strict)
        _, back = replay(session, authority.office, strict, rules)
    assert back.moved("eligible") == (flagged, [])
    assert (first.moved("eligible"), second.moved("eligible")) == (([], []), ([], flagged))
    assert {second.names[code] for code in flagged} <= {row["name"] for row in rows[:30]}
    monkeypatch.setattr(Office, "rules", lambda _self, _on: strict)
    draw = authority.freeze(line=2)
    agrees(second, draw, Bench(authority, authority.office.tree).statuses(draw))
    assert {code: second.after.statuses[code] for code in flagged} == dict.fromkeys(flagged, "X10-1")
    assert flagged


def test_line_that_the_revised_rules_refuse_is_shown_with_the_reason(bench: Bench) -> None:
    """A team of two where three are asked; a freeze then says the same."""
    change = to("team.min_officers", 3)
    seen = bench.foresee(change)[0]
    assert (seen.before.refusal, seen.changed) == (None, True)
    bench.enact(change)
    bench.void()
    with pytest.raises(RuleRefused) as caught:
        bench.authority.freeze()
    assert seen.after.refusal is not None
    assert (seen.after.refusal.code, seen.after.refusal.params) == (caught.value.code, caught.value.params)


def test_preview_writes_nothing(bench: Bench) -> None:
    """No act, no draw."""

    def entries() -> int:
        with bench.authority.session() as session:
            return len(session.exec(select(LedgerEntry)).all())

    before = entries()
    bench.foresee(to("team.min_officers", 3))
    assert entries() == before


def test_authority_without_a_plan_has_nothing_to_replay(authority: Authority) -> None:
    """No line, no error."""
    assert Bench(authority, authority.office.tree).foresee(to("team.min_officers", 3)) == []

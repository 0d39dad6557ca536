"""Dynamic management: a basis that was amended (R5.7), an item without objects (R6.1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from authority import Authority, experts, inspectors, line_terms, objects
from shelf import Place
from shuangsui.calendar import official
from shuangsui.catalogue import basis, watch
from shuangsui.draws import feasibility
from shuangsui.errors import ShuangsuiError
from shuangsui.ledger.alerts import open_alerts

LAW = "《工业节能管理办法》"


@pytest.fixture
def ready(place: Place, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Everything up to the freeze; JX-11 rests on a law of its own."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    made = Authority(place.engine, place.folder, place=place)
    made.once("an item on a law of its own", lambda: _found(made))
    return made


def _found(made: Authority) -> None:
    made.take_in(objects=objects(200), inspectors=inspectors(12), experts=experts(5))
    made.publish_list(("JX-11", "basis", f"{LAW}第五条"))
    made.publish_plan(("JX-11", line_terms()))


def refused(act, *arguments, **options) -> tuple[str, str | None]:
    """Code and article of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code, caught.value.article


def amend(authority: Authority, days_ago: int) -> None:
    """Mark the law as amended so many days ago."""
    with authority.session() as session:
        basis.mark_amended(session, LAW, authority.today - timedelta(days=days_ago), actor="lead")


def reviews(authority: Authority) -> list[tuple[str, str, str]]:
    """Level, subject and last day of the open tasks."""
    with authority.session() as session:
        found = open_alerts(session, basis.REVIEW)
        return [(alert.level, alert.subject, str(alert.due)) for alert in found]


def test_r5_7_amended_basis_warns_for_thirty_days(ready: Authority) -> None:
    """R5.7: on day 30 the draw goes on and the task 依据复核 is raised."""
    amend(ready, 30)
    ready.freeze()
    assert reviews(ready) == [("warn", "item/JX-11", "2026-06-15")]


def test_r5_7_amended_basis_blocks_afterwards(ready: Authority) -> None:
    """R5.7: on day 31 the draw is refused."""
    amend(ready, 31)
    assert refused(ready.freeze) == ("basis_review_overdue", "第五条")


def test_r5_7_review_clears_the_block(ready: Authority) -> None:
    """R5.7: kept as it is, with the outcome recorded; once."""
    amend(ready, 31)
    with ready.session() as session:
        basis.review(session, "JX-11", LAW, "修改不涉及本事项，保持不变", actor="lead")
        assert refused(basis.review, session, "JX-11", LAW, "再次", actor="lead")[0] == "review_missing"
    assert ready.freeze().item_code == "JX-11"


def test_r5_7_changed_item_no_longer_rests_on_the_law(ready: Authority) -> None:
    """R5.7: a new list version with another basis clears it as well."""
    amend(ready, 31)
    ready.publish_list(("JX-11", "basis", "《节约能源法》第十二条"))
    assert ready.freeze().item_code == "JX-11"


def test_r5_7_running_draw_keeps_the_version_it_started_with(ready: Authority) -> None:
    """R5.7: frozen before the amendment, it runs to its result."""
    draw = ready.commit(ready.freeze())
    amend(ready, 31)
    assert ready.enter_event(draw).state == "revealing"
    assert refused(ready.freeze, round_=2)[0] == "basis_review_overdue"


def test_r5_7_sweep_raises_and_clears_the_task(ready: Authority) -> None:
    """R5.7: a warning within the term, a breach after it, nothing once reviewed."""
    amend(ready, 0)
    rules, seen = ready.office.rules(ready.today), []
    for days in (0, 30, 31):
        with ready.session() as session:
            watch.sweep(session, official(), rules, ready.today + timedelta(days=days))
        seen.append([level for level, *_ in reviews(ready)])
    with ready.session() as session:
        basis.review(session, "JX-11", LAW, "保持不变", actor="lead")
        watch.sweep(session, official(), rules, ready.today + timedelta(days=31))
    assert (seen, reviews(ready)) == ([["warn"], ["warn"], ["breach"]], [])


def test_r5_7_only_a_basis_in_use_can_be_marked_and_once(ready: Authority) -> None:
    """A slip of the keyboard marks nothing; only the lead office reviews, with an outcome."""
    amend(ready, 3)
    with ready.session() as session:
        day = ready.today - timedelta(days=3)
        assert refused(basis.mark_amended, session, LAW, day, actor="lead")[0] == "basis_marked"
        assert refused(basis.mark_amended, session, "《没有的法》", day, actor="lead")[0] == "basis_unused"
        assert refused(basis.review, session, "JX-11", LAW, "好", actor="business")[0] == "basis_lead_office_only"
        assert refused(basis.review, session, "JX-11", LAW, " ", actor="lead")[0] == "reason_required"


def test_r6_1_item_without_objects_is_shown_to_the_lead_office(ready: Authority) -> None:
    """R6.1: every item of the list but the one that has objects; filled, it disappears."""
    rules = ready.office.rules(ready.today)

    def empty() -> set[str]:
        with ready.session() as session:
            watch.sweep(session, official(), rules, date(2026, 6, 15))
            return {alert.subject for alert in open_alerts(session, watch.EMPTY)}

    before = empty()
    ready.take_in(objects=objects(200, items="JX-11、JX-14"))
    assert ("item/JX-11" in before, "item/JX-14" in before, before - empty()) == (False, True, {"item/JX-14"})

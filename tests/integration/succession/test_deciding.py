"""Who decides about an authority, what a suspension leaves to it, and what happens when telling is interrupted."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from authority import Authority, experts, inspectors, line_terms, objects
from inspecting import ON_SITE, Team
from shuangsui.cli.walk import Course
from shuangsui.disclosure import rulings
from shuangsui.draws import dispatching, handing
from shuangsui.inspections import tasks
from shuangsui.ledger import tenure
from shuangsui.ledger.service import verify
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.planning import service as planning
from shuangsui.succession import deciding
from shuangsui.succession.policy import Wanted
from shuangsui.tenancy.tables import TenureChange
from shuangsui.tenancy.tenure import Tenure, Turn
from tenures import DISTRICT, DOCUMENT, FIRST, SECOND, City, code_of
from two_levels import municipal_draw, received


def acts(authority: Authority, start: str = "tenure.") -> list[tuple[str, str]]:
    """Act and actor of each entry."""
    with authority.session() as session:
        rows = session.exec(select(LedgerEntry).order_by(LedgerEntry.n)).all()  # type: ignore[arg-type]
        assert verify(session).faults == ()
        return [(row.act, row.actor) for row in rows if row.act.startswith(start)]


def standing(authority: Authority) -> Tenure:
    """Today."""
    with authority.session() as session:
        return tenure.standing(session)


def new_plan(authority: Authority, year: int = 2027) -> None:
    """Something that begins."""
    with authority.session() as session:
        planning.new_plan(session, year, actor="lead")


def test_suspended_authority_begins_nothing_until_it_is_resumed(city: City):
    """From the day on; the sentence names the document; each change is in its own ledger."""
    city.decided(Turn.SUSPEND, days=1)
    assert (standing(city.district), code_of(new_plan, city.district, 2026)) == (Tenure.ACTIVE, "")
    city.city.wait(days=1)
    assert (standing(city.district), code_of(new_plan, city.district)) == (Tenure.SUSPENDED, "tenure_begins")
    assert code_of(new_plan, city.city) == ""
    city.decided(Turn.RESUME, days=1)
    assert (standing(city.district), code_of(new_plan, city.district)) == (Tenure.ACTIVE, "")
    by = "tenant:chongqing"
    assert acts(city.district) == [("tenure.suspend", by), ("tenure.resume", by)]
    assert acts(city.city) == [("tenure.propose", "lead"), ("tenure.approve", "leader")] * 2


@pytest.mark.parametrize(("turn", "into"), [(Turn.SUSPEND, ()), (Turn.CLOSE, (FIRST,))])
def test_what_is_under_way_comes_to_its_end(city: City, turn: Turn, into: tuple[str, ...]):
    """A task that is out is inspected and published; a new draw is refused, whoever asks.

    The tasks of a draw that is done wait for the end of a suspension; whoever closes must send them out.
    """
    district = city.district
    district.take_in(objects=objects(400), inspectors=inspectors(12), experts=experts(5))
    district.publish_list()
    few = line_terms(expert=False, A="1%", B="1%", C="1%", D="1%", FLAG="2%")
    district.publish_plan(*[("JX-11", few)] * 3)
    draw = district.draw()
    with district.session() as session:
        first, *_ = tasks.dispatch(session, district.office, draw.no, actor="lead", **ON_SITE)
    second = district.draw(line=2)
    city.decided(turn, *into)
    team = Team(district, first.no, Course()).whole()
    team.act(rulings.publish, actor="lead")
    assert code_of(district.freeze, line=3) == "tenure_begins"
    with district.session() as session:
        sending = code_of(tasks.dispatch, session, district.office, second.no, actor="lead", **ON_SITE)
        session.rollback()
    assert sending == ("tenure_begins" if turn is Turn.SUSPEND else "")


def test_one_person_proposes_and_another_one_approves(city: City):
    """Both may do either; nothing is carried out before."""
    no = city.proposed(Turn.SUSPEND, by="leader")
    assert (code_of(city.approved, no), standing(city.district)) == ("same_person", Tenure.ACTIVE)
    with city.city.session() as session:
        assert code_of(deciding.refuse, session, no, " ", actor="leader") == "tenure_words"
        deciding.refuse(session, no, "理由不足", actor="leader")
    assert code_of(city.approved, no) == "tenure_decided"
    assert [row.answer for row in decisions(city)] == ["理由不足"]


def decisions(city: City) -> list[deciding.TenureDecision]:
    """Of the municipality."""
    with city.city.session() as session:
        return list(deciding.decisions(session))


WRONG = {
    "nobody's district": (Turn.SUSPEND, ("moushi",), (), DOCUMENT, "tenure_not_below"),
    "itself": (Turn.SUSPEND, ("chongqing",), (), DOCUMENT, "tenure_not_below"),
    "a foreign successor": (Turn.CLOSE, (DISTRICT,), ("moushi",), DOCUMENT, "tenure_not_below"),
    "no successor": (Turn.CLOSE, (DISTRICT,), (), DOCUMENT, "tenure_successors"),
    "its own successor": (Turn.CLOSE, (DISTRICT,), (DISTRICT,), DOCUMENT, "tenure_successors"),
    "a successor of what goes on": (Turn.SUSPEND, (DISTRICT,), (FIRST,), DOCUMENT, "tenure_successors"),
    "nobody": (Turn.SUSPEND, (), (), DOCUMENT, "tenure_words"),
    "no document": (Turn.SUSPEND, (DISTRICT,), (), " ", "tenure_words"),
}  # fmt: skip


@pytest.mark.parametrize(("turn", "subjects", "into", "document", "code"), WRONG.values(), ids=WRONG)
def test_decision_that_cannot_be(
    city: City, turn: Turn, subjects: tuple[str, ...], into: tuple[str, ...], document: str, code: str
):
    """Refused when it is proposed."""
    wanted = Wanted(turn, subjects, date(2026, 7, 1), document, "机构改革", into)
    with city.city.session() as session:
        assert code_of(deciding.propose, session, city.city.office.tree, wanted, actor="lead") == code
        assert code_of(deciding.propose, session, city.city.office.tree, wanted, actor="business") == "not_allowed"


def test_what_changes_nothing_is_refused(city: City):
    """Before anybody decides: closing is for ever, and a closed authority takes nothing over."""
    assert code_of(city.decided, Turn.RESUME) == "tenure_same"
    city.decided(Turn.SUSPEND)
    assert code_of(city.decided, Turn.SUSPEND) == "tenure_same"
    city.decided(Turn.CLOSE, FIRST)
    assert [code_of(city.decided, turn) for turn in (Turn.SUSPEND, Turn.RESUME)] == ["tenure_closed"] * 2
    assert [row.state.value for row in decisions(city)].count("approved") == 2


def test_telling_that_was_interrupted_is_finished_by_approving_again(city: City, monkeypatch: pytest.MonkeyPatch):
    """Each authority keeps the decision once."""
    no, keep = city.proposed(Turn.CLOSE, FIRST, SECOND), deciding._keep

    def failing(session, *arguments):
        if session.tenant == SECOND:
            raise ConnectionError
        keep(session, *arguments)

    monkeypatch.setattr(deciding, "_keep", failing)
    with pytest.raises(ConnectionError):
        city.approved(no)
    monkeypatch.setattr(deciding, "_keep", keep)
    city.approved(no), city.approved(no)
    told = {}
    for slug in (DISTRICT, FIRST, SECOND):
        with city.city.beside(slug).session() if slug != DISTRICT else city.district.session() as session:
            told[slug] = [row.turn for row in session.exec(select(TenureChange))]
    assert told == {DISTRICT: [Turn.CLOSE], FIRST: [Turn.SUCCEED], SECOND: [Turn.SUCCEED]}


def test_operator_suspends_and_resumes_an_authority_that_nobody_stands_above(city: City):
    """By the operating system's account, at once; not twice."""
    engine, account = city.city.engine, "os:test"
    for turn, begins in ((Turn.SUSPEND, "tenure_begins"), (Turn.RESUME, "")):
        wanted = city.wanted(turn, subject="chongqing")
        deciding.by_operator(engine, "chongqing", wanted, account=account)
        assert code_of(deciding.by_operator, engine, "chongqing", wanted, account=account) == "tenure_same"
        assert code_of(new_plan, city.city) == begins
    assert acts(city.city) == [("tenure.suspend", account), ("tenure.resume", account)]


def test_assignment_to_a_closing_district_is_handed_back(city: City):
    """It arrives, is not accepted, and goes on to the successor."""
    draw = municipal_draw(city.city)
    city.decided(Turn.CLOSE, FIRST)
    office, engine = city.city.office, city.city.engine
    dispatching.dispatch(engine, office, draw.no, actor="lead")
    no = received(city.district)
    assert code_of(handing.accept, engine, city.district.office, no, actor="lead") == "tenure_begins"
    handing.hand_back(engine, city.district.office, no, "已撤并", actor="lead")
    rows = dispatching.redirect(engine, office, draw.no, DISTRICT, FIRST, "由承接机关检查", actor="lead")
    assert [row.receiver for row in rows][-2:] == [FIRST, DISTRICT] or {row.receiver for row in rows} == {
        FIRST,
        DISTRICT,
    }

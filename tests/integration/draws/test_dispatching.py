"""Objects drawn above, people drawn below (R17.1): dispatch, acceptance, hand-back, and nothing else across tenants."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import col, select

from authority import Authority, experts, inspectors, line_terms, objects
from shuangsui.draws import dispatching, handing, tasks
from shuangsui.draws.changing import replace_object
from shuangsui.draws.dispatch_tables import HandoverState
from shuangsui.draws.office import find
from shuangsui.draws.tables import Assignment, Cause, Dispatch, Draw, DrawnTask
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import tasks as inspections
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Terms
from two_levels import DISTRICT, district_draw, frozen, municipal_draw, municipal_terms, received, staffed


def refused(act: Callable[..., object], *arguments: object, **options: object) -> RuleRefused | BadInput:
    """The refusal of an act."""
    with pytest.raises((RuleRefused, BadInput)) as caught:
        act(*arguments, **options)
    return caught.value


def send(authority: Authority, draw: Draw) -> list[Dispatch]:
    """Dispatch by the lead office."""
    return dispatching.dispatch(authority.engine, authority.office, draw.no, actor="lead")


def test_r17_1_draw_for_the_districts_has_no_people(authority: Authority) -> None:
    """A plan line with dispatch: teams and experts are null, tasks have nobody and no office here can take them."""
    draw = municipal_draw(authority)
    with authority.session() as session:
        rows = tasks.tasks_of(session, draw)
        error = refused(inspections.dispatch, session, authority.office, draw.no, actor="lead")
    assert (draw.draft["teams"], draw.draft["experts"], {tuple(row.teams) for row in rows}) == (None, None, {()})
    assert error.code == "team_incomplete"


def test_r17_1_objects_go_to_the_district_where_they_lie(authority: Authority) -> None:
    """One assignment a district, each with the objects of its area and what opens them."""
    rows = [row | {"district": ("渝中区", "南岸区")[i % 2]} for i, row in enumerate(objects(200))]
    draw = municipal_draw(authority, rows)
    where = {row["code"]: row["district"] for row in rows}
    sent = {row.receiver: len(row.tasks) for row in send(authority, draw)}
    for slug, name in (("yuzhong", "渝中区"), ("nanan", "南岸区")):
        with authority.beside(slug).session() as session:
            [assignment] = session.exec(select(Assignment)).all()
        assert {where[thing["code"]] for thing in assignment.objects} == {name}
        assert (len(assignment.objects), assignment.draw_no) == (sent[slug], draw.no)
    assert sum(sent.values()) == sum(draw.draft["quota"].values())


def test_r17_1_unknown_district_refuses_everything_and_names_the_objects(authority: Authority) -> None:
    """Nothing is half sent."""
    draw = municipal_draw(authority, objects(200, district="某地"))
    error = refused(send, authority, draw)
    with authority.session() as session:
        named = "、".join(f"{task.object_name}（某地）" for task in tasks.tasks_of(session, draw))
        assert (error.code, error.params["objects"]) == ("district_unknown", named)
        assert session.exec(select(Dispatch)).all() == []


def test_r17_1_ordinary_draw_is_not_dispatched(ready: Authority) -> None:
    """A line that has its own teams stays here."""
    assert refused(send, ready, ready.draw()).code == "not_for_districts"


def test_r17_1_dispatch_again_sends_nothing_twice(authority: Authority) -> None:
    """Idempotent per parent result and district."""
    draw = municipal_draw(authority)
    send(authority, draw)
    send(authority, draw)
    with authority.session() as session:
        sent = session.exec(select(Dispatch)).all()
    with authority.beside(DISTRICT).session() as below:
        counts = [len(sent), len(below.exec(select(Assignment)).all())]
        acts = below.exec(
            select(LedgerEntry.actor).where(LedgerEntry.act == "assignment.received").order_by(col(LedgerEntry.n))
        ).all()
    assert (counts, acts) == ([1, 1], ["tenant:chongqing"])


def test_r17_1_interrupted_dispatch_is_finished_by_the_next(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between the two transactions."""
    draw = municipal_draw(authority)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(dispatching, "_receive", die)
        with pytest.raises(KeyboardInterrupt):
            send(authority, draw)
    district = authority.beside(DISTRICT)
    with district.session() as below:
        before = len(below.exec(select(Assignment)).all())
    send(authority, draw)
    with authority.session() as session:
        sent = len(session.exec(select(Dispatch)).all())
    with district.session() as below:
        after = len(below.exec(select(Assignment)).all())
    assert (before, sent, after) == (0, 1, 1)


def test_r17_1_nothing_else_crosses(authority: Authority) -> None:
    """Rows that could leak: the municipality's people, other objects, its users' logins and its draw."""
    draw = municipal_draw(authority)
    send(authority, draw)
    district = authority.beside(DISTRICT)
    with authority.session() as session:
        drawn = {task.object_code for task in tasks.tasks_of(session, draw)}
    with district.session() as below:
        [assignment] = below.exec(select(Assignment)).all()
        seen = [len(below.exec(select(kind)).all()) for kind in (Draw, DrawnTask, Dispatch)]
    assert {thing["code"] for thing in assignment.objects} == drawn
    assert seen == [0, 0, 0]
    assert "lead" not in assignment.model_dump().values()
    others = {row["code"] for row in objects(200)} - drawn
    assert [code for code in others if code in assignment.model_dump_json()] == []


def test_r17_1_district_freezes_the_objects_as_its_own_snapshot(authority: Authority) -> None:
    """Ratio 1/1, own teams, own K, the parent named, and no counter of the year in the district."""
    parent = municipal_draw(authority)
    district, child = district_draw(authority, parent)
    with district.session() as session:
        rows = tasks.tasks_of(session, child)
        counted = planning.drawn_in_year(session, authority.today.year, child.family)
    assert (child.cause, child.line_id, child.line_no, child.no) == (Cause.DISPATCH, None, None, "2026-0001")
    assert child.cause_key == "dispatch/{origin}/{result_hash}".format(**child.draft["ext"]["parent"])
    assert child.draft["snapshot"]["n"] == len(rows) == sum(parent.draft["quota"].values())
    assert {len(set(row.teams) - {None}) for row in rows} == {2}
    assert counted == {}


def test_r17_1_assignment_is_drawn_once(authority: Authority) -> None:
    """R8.7 for a cause: a second draw for the same assignment is refused."""
    parent = municipal_draw(authority)
    district, child = district_draw(authority, parent)
    error = refused(frozen, district)
    assert (error.code, error.params["draw"]) == ("cause_drawn", child.no)


def test_r17_1_only_an_accepted_assignment_is_frozen(authority: Authority) -> None:
    """Nobody draws people for what the lead office has not taken on."""
    send(authority, municipal_draw(authority))
    assert refused(frozen, staffed(authority)).code == "assignment_state"


def test_r17_1_interest_of_the_district_makes_x9(authority: Authority) -> None:
    """Recusals come from the district's own register; an object nobody may inspect stays with code X9 (R9.4)."""
    parent = municipal_draw(authority)
    send(authority, parent)
    district = staffed(authority)
    with authority.session() as session:
        code = tasks.tasks_of(session, parent)[0].object_code
    common = {"person_kind": "执法检查人员", "object_code": code, "relation": "任职"}
    district.take_in(interests=[common | {"person_no": f"ZF{i:04d}"} for i in range(11)])
    handing.accept(district.engine, district.office, received(district), actor="lead")
    assert frozen(district).draft["snapshot"]["excluded"] == {"X9": 1}


def test_r17_1_hand_back_needs_a_reason_and_reaches_the_sender(authority: Authority) -> None:
    """The reason goes back to the municipal row, once; a finished answer cannot be changed."""
    draw = municipal_draw(authority)
    send(authority, draw)
    district = authority.beside(DISTRICT)
    no = received(district)
    assert (
        refused(handing.hand_back, district.engine, district.office, no, " ", actor="lead").code == "hand_back_reason"
    )
    for _ in range(2):
        handing.hand_back(district.engine, district.office, no, "对象已搬迁", actor="lead")
    with authority.session() as session:
        [row] = dispatching.dispatches(session, draw)
        acts = session.exec(
            select(LedgerEntry.actor).where(LedgerEntry.act == "dispatch.handed_back").order_by(col(LedgerEntry.n))
        ).all()
    assert (row.state, row.answer, acts) == (HandoverState.HANDED_BACK, "对象已搬迁", ["tenant:yuzhong"])
    assert refused(handing.accept, district.engine, district.office, no, actor="lead").code == "assignment_state"


def test_r17_1_interrupted_hand_back_is_finished_by_the_next(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the district's own transaction."""
    draw = municipal_draw(authority)
    send(authority, draw)
    district = authority.beside(DISTRICT)
    no = received(district)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(handing, "_tell", die)
        with pytest.raises(KeyboardInterrupt):
            handing.hand_back(district.engine, district.office, no, "不在辖区", actor="lead")
    handing.hand_back(district.engine, district.office, no, "不在辖区", actor="lead")
    with authority.session() as session:
        assert [row.state for row in dispatching.dispatches(session, draw)] == [HandoverState.HANDED_BACK]


def test_r17_1_handed_back_objects_are_sent_elsewhere_with_a_reason(authority: Authority) -> None:
    """Another district gets them; both rows stay."""
    draw = municipal_draw(authority)
    send(authority, draw)
    district = authority.beside(DISTRICT)
    handing.hand_back(district.engine, district.office, received(district), "对象已搬迁", actor="lead")
    dispatching.redirect(authority.engine, authority.office, draw.no, DISTRICT, "nanan", "已迁入南岸", actor="lead")
    with authority.session() as session:
        rows = [(row.receiver, row.state, row.reason) for row in dispatching.dispatches(session, draw)]
    with authority.beside("nanan").session() as below:
        [assignment] = below.exec(select(Assignment)).all()
    assert rows == [("nanan", HandoverState.SENT, "已迁入南岸"), ("yuzhong", HandoverState.REDIRECTED, "")]
    assert len(assignment.objects) == sum(draw.draft["quota"].values())


def test_r17_1_nothing_handed_back_is_not_redirected(authority: Authority) -> None:
    """What a district still has is not given to another."""
    draw = municipal_draw(authority)
    send(authority, draw)
    move = (authority.engine, authority.office, draw.no, DISTRICT, "nanan", "改派")
    with pytest.raises(NotFound) as caught:
        dispatching.redirect(*move, actor="lead")
    assert caught.value.code == "nothing_handed_back"


def test_r17_1_dispatched_object_is_not_replaced_above(authority: Authority) -> None:
    """The district has it; it must come back first."""
    draw = municipal_draw(authority)
    send(authority, draw)
    with authority.session() as session:
        error = refused(replace_object, session, authority.office, draw.no, 0, actor="lead")
    assert error.code == "task_dispatched"


def test_joint_partner_gets_the_same_objects_and_draws_its_own_people(authority: Authority) -> None:
    """部门联合: one draw of objects with the lead's team, the partner's people from the partner's registry."""
    authority.take_in(objects=objects(200), inspectors=inspectors(12), experts=experts(1))
    authority.publish_list()
    terms = line_terms(expert=False)
    joint = Terms(ratios=terms.ratios, team=terms.team, per_day=5, partners=(DISTRICT,))
    authority.publish_plan(("JX-11", joint))
    draw = authority.draw()
    dispatching.dispatch_joint(authority.engine, authority.office, draw.no, authority.today, actor="lead")
    partner = staffed(authority)
    handing.accept(partner.engine, partner.office, received(partner), actor="lead")
    child = partner.finish(frozen(partner))
    with authority.session() as session:
        lead = {task.object_code for task in tasks.tasks_of(session, find(session, draw.no))}
    with partner.session() as below:
        own = tasks.tasks_of(below, child)
        day = below.exec(select(Assignment.visit_day)).one()
    assert ({task.object_code for task in own}, child.cause, day) == (lead, Cause.JOINT, authority.today)


def test_r17_1_district_cannot_plan_to_dispatch(authority: Authority) -> None:
    """Only a municipal authority has districts below it (R17.1)."""
    district = authority.beside(DISTRICT)
    district.publish_list()
    assert refused(district.publish_plan, ("JX-11", municipal_terms())).code == "dispatch_level"

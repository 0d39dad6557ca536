"""Nobody's number leaves by any way: refused where it is written, and held where it got in all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from authority import Authority, line_terms
from inspecting import Team, team
from shelf import Place
from shuangsui import db
from shuangsui.catalogue import drafting
from shuangsui.catalogue import service as catalogue
from shuangsui.catalogue.tables import Item
from shuangsui.db import TenantSession
from shuangsui.disclosed import ResultContent
from shuangsui.disclosure import contents, corrections, disclosures, publishing, rulings, screening, service, shown
from shuangsui.disclosure.messages import NOTE
from shuangsui.disclosure.policy import Action, DeliveryState, PublicationState, media_type
from shuangsui.disclosure.publishing import Press
from shuangsui.draws import changing
from shuangsui.draws.tables import Draw
from shuangsui.errors import BadInput, OutsideFailed, RuleRefused
from shuangsui.extension.service import channels
from shuangsui.ledger.alerts import open_alerts
from shuangsui.planning import batches
from shuangsui.planning import service as planning
from shuangsui.planning.tables import AnnualPlan, PlanLine
from shuangsui.privacy.scanning import scan_bytes
from shuangsui.privacy.writing import know_own
from shuangsui.settings import Settings
from shuangsui.web.rendering import render, static_files

PHONE, ID_NUMBER = "13812345678", "11010519491231002X"
Act = Callable[[Authority, TenantSession, Team], object]
Publish = Callable[[], None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path / "var")


@pytest.fixture
def authority(place: Place) -> Authority:
    made = Authority(place.engine, place.folder, place=place)
    made.drawn()
    return made


@pytest.fixture
def publish(authority: Authority, settings: Settings) -> Publish:
    """The whole site, through the portal's plugin."""

    def act() -> None:
        office = authority.office
        statics = {path: file.read_bytes() for path, file in static_files().items()}
        press = Press(render, statics, "https://a.example", channels(office.tenant, settings), settings.public)
        with db.session(authority.engine, authority.slug) as session:
            publishing.publish_site(session, office, press, actor="lead")

    return act


@pytest.fixture
def shown_one(authority: Authority, publish: Publish) -> Team:
    """A result that everybody can read."""
    one = team(authority).published()
    publish()
    return one


def leaks(settings: Settings) -> dict[str, list[str]]:
    """File of the public tree → what is personal in it."""
    files = [path for path in settings.public.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert files
    found = {path: scan_bytes(path.read_bytes(), media_type(path.name)) for path in files}
    plain = {path for path in files if PHONE.encode() in path.read_bytes() or ID_NUMBER.encode() in path.read_bytes()}
    return {str(path): [one.kind for one in kinds] for path, kinds in found.items() if kinds or path in plain}


def own(authority: Authority, session: TenantSession, *numbers: str) -> None:
    """The authority publishes these itself, as pages and commands tell its unit of work."""
    know_own(session, replace(authority.office.tenant, public_numbers=numbers or (PHONE,)))


def key_of(session: TenantSession) -> str:
    (row,) = disclosures.current(session, disclosures.RESULT)
    return row.key


def correct(changes: dict[str, str], note: str) -> Act:
    def act(authority: Authority, session: TenantSession, _one: Team) -> object:
        return corrections.correct(session, "result", key_of(session), changes, note, actor="lead")

    return act


def withdraw(_authority: Authority, session: TenantSession, _one: Team) -> object:
    return corrections.withdraw(session, "result", key_of(session), f"当事人 {ID_NUMBER} 申请", actor="leader")


def new_version(_authority: Authority, session: TenantSession, _one: Team) -> object:
    return planning.new_plan(session, 2026, actor="lead", reason=f"详询 {PHONE}")


def terminate(_authority: Authority, session: TenantSession, _one: Team) -> object:
    planning.new_plan(session, 2026, actor="lead", reason="调整")
    return planning.terminate_line(session, 2026, 1, f"联系人 {PHONE}", actor="lead")


def unplanned(authority: Authority, session: TenantSession, _one: Team) -> object:
    line = planning.Line("JX-11", line_terms(expert=False), date(2026, 1, 1), date(2026, 12, 31))
    rules, level = authority.office.rules(authority.today), authority.office.level
    return batches.propose(session, 2026, line, f"举报人 {ID_NUMBER}", rules=rules, level=level, actor="lead")


def void(_authority: Authority, session: TenantSession, _one: Team) -> object:
    return changing.void(session, session.exec(select(Draw.no)).one(), f"名录有误，问 {PHONE}", actor="leader")


@pytest.mark.parametrize(
    ("act", "where"),
    [
        (correct({"object_name": "更名后的企业"}, f"名称有误，{PHONE}"), NOTE),
        (correct({"follow_up": f"联系人 {ID_NUMBER}"}, "后续有误"), "后续处理"),
        (withdraw, NOTE),
        (new_version, "修改的理由"),
        (terminate, "终止的理由"),
        (unplanned, "计划外的理由"),
        (void, "作废的理由"),
    ],
    ids=["note", "follow_up", "withdraw", "plan", "terminate", "unplanned", "void"],
)
def test_who_writes_for_everybody_names_nobody(
    authority: Authority, shown_one: Team, publish: Publish, settings: Settings, act: Act, where: str
) -> None:
    """Refused with the name of the field before a revision or an act exists; nothing is left of it on the site."""
    before = authority.place.looks()
    with pytest.raises(RuleRefused) as caught, authority.session() as session:
        act(authority, session, shown_one)
    assert (caught.value.code, caught.value.params["where"]) == ("personal_data", where)
    assert authority.place.looks() == before
    publish()
    assert leaks(settings) == {}


@pytest.mark.parametrize(
    "act",
    [correct({"follow_up": f"详询 {PHONE}"}, f"问 {PHONE}"), withdraw, new_version, terminate, unplanned, void],
    ids=["correct", "withdraw", "plan", "terminate", "unplanned", "void"],
)
def test_who_writes_may_name_what_the_authority_publishes_itself(
    authority: Authority, shown_one: Team, act: Act
) -> None:
    """Its own telephone and the like are nobody's."""
    with authority.session() as session:
        own(authority, session, PHONE, ID_NUMBER)
        assert act(authority, session, shown_one)


def test_an_abandonment_has_no_words_of_its_own(authority: Authority) -> None:
    """Its reasons are a closed list."""
    with authority.session() as session:
        no = session.exec(select(Draw.no)).one()
    with authority.session() as session, pytest.raises(BadInput, match="abandon_reason"):
        changing.abandon(session, authority.office, no, f"问 {PHONE}", actor="lead", second="leader")


def test_the_basis_of_withholding_is_read_by_everybody(authority: Authority) -> None:
    one = team(authority).whole()
    with authority.session() as session, pytest.raises(RuleRefused) as caught:
        rulings.propose_withholding(
            session, one.no, basis=f"《某法》，问 {PHONE}", scope="全部", notified=[], actor="lead"
        )
    assert caught.value.params["where"] == "法律依据"


def test_an_item_of_the_list_names_nobody_but_the_authority_itself(authority: Authority) -> None:
    """Refused on submission with row and column; what the authority lists as its own is no finding."""
    rules, level = authority.office.rules(authority.today), authority.office.level
    with authority.session() as session:
        drafting.set_field(session, "JX-11", "content", f"问 {PHONE}", actor="lead")
        drafting.confirm(session, actor="business")
        with pytest.raises(catalogue.ListRefused) as caught:
            catalogue.submit(session, actor="lead", rules=rules, level=level)
        assert [(one.column, one.code) for one in caught.value.errors] == [("抽查事项内容", "item_personal")]
        own(authority, session)
        catalogue.submit(session, actor="lead", rules=rules, level=level)


def unfit(session: TenantSession) -> None:
    """A revision as a former version of the platform would have let in."""
    row = disclosures.newest(session, "result", key_of(session))
    assert row
    content = contents.content_of(row)
    assert isinstance(content, ResultContent)
    disclosures.make(
        session, "result", row.key, replace(content, follow_up=f"联系人 {ID_NUMBER}"), actor="lead",
        action=Action.CORRECT, note=f"更正，问 {PHONE}", draw_no=row.draw_no, task_no=row.task_no, part=row.part,
    )  # fmt: skip


def test_a_refused_revision_is_on_no_page(
    authority: Authority, shown_one: Team, publish: Publish, settings: Settings
) -> None:
    """Its delivery is a dead letter; lists, first page, tables and feed keep the one that everybody sees."""
    with authority.session() as session:
        (before,) = shown.result_rows(session)
        unfit(session)
    publish()
    with authority.session() as session:
        assert shown.result_rows(session) == [before]
        last = disclosures.newest(session, "result", key_of(session))
        states = [one.delivery.state for one in shown.sent(session) if last and one.disclosure.id == last.id]
    assert set(states) >= {DeliveryState.REFUSED}
    assert leaks(settings) == {}
    with authority.session() as session:
        corrections.correct(session, "result", key_of(session), {"follow_up": "责令改正"}, "后续有误", actor="lead")
    publish()
    with authority.session() as session:
        ((_, row_now),) = shown.result_rows(session)
    assert (row_now["rectification"], [one["note"] for one in row_now["corrections"]]) == ("责令改正", ["后续有误"])
    assert leaks(settings) == {}


def test_what_is_taken_down_goes_although_it_must_not_be_shown(
    authority: Authority, shown_one: Team, publish: Publish, settings: Settings
) -> None:
    """Of what is taken down nothing but the explanation goes out, whatever stood in it."""
    with authority.session() as session:
        unfit(session)
    publish()
    with authority.session() as session:
        corrections.withdraw(session, "result", key_of(session), "含有个人信息", actor="leader")
    publish()
    with authority.session() as session:
        ((_, now),) = shown.result_rows(session)
    assert (now["withdrawn"]["note"], leaks(settings)) == ("含有个人信息", {})


def dirty_plan(session: TenantSession) -> None:
    line = session.exec(select(PlanLine)).one()
    line.terminated_reason = f"联系人 {PHONE}"
    session.add(line)


def dirty_version(session: TenantSession) -> None:
    plan = session.exec(select(AnnualPlan)).one()
    plan.reason = f"联系人 {ID_NUMBER}"
    session.add(plan)


def dirty_draw(session: TenantSession) -> None:
    draw = session.exec(select(Draw)).one()
    draw.void_reason = f"问 {PHONE}"
    session.add(draw)


def dirty_list(session: TenantSession) -> None:
    for item in session.exec(select(Item).where(Item.code == "JX-11")):
        item.content = f"问 {ID_NUMBER}"
        session.add(item)


@pytest.mark.parametrize(
    ("plant", "held"),
    [
        (dirty_plan, {"plan/2026", "opendata/opendata"}),
        (dirty_version, {"plan/2026"}),
        (dirty_draw, {"draw/2026-0001", "draws/draws", "verify/verify", "opendata/opendata", "home/home"}),
        (dirty_list, {"items/items", "opendata/opendata"}),
    ],
)
def test_a_finding_holds_its_bundle_and_no_other(
    authority: Authority,
    shown_one: Team,
    publish: Publish,
    settings: Settings,
    plant: Callable[[TenantSession], None],
    held: set[str],
) -> None:
    """It alarms, the older bundle stays in place, the rest is published; without it everything goes again."""
    assert shown_one.no
    with authority.session() as session:
        plant(session)
    for _ in range(2):
        with pytest.raises(OutsideFailed) as caught:
            publish()
        assert caught.value.params["count"] == len(held)
        with authority.session() as session:
            assert {one.subject for one in open_alerts(session, screening.HELD)} == held
            states = {(f"{row.kind}/{row.key}", row.state) for row in service.publications(session)}
        assert {name for name, state in states if state is not PublicationState.CONFIRMED} == held
        assert leaks(settings) == {}
    assert "含有个人信息（" in caught.value.params["reason"]

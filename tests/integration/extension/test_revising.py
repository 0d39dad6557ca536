"""Rules are changed at the console by two people, take effect on a day, and are taken back: on each database."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from authority import START, Authority
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import BadInput, NotAllowed, NotFound, RuleRefused
from shuangsui.extension import rulebook, trying
from shuangsui.extension.overlay import seated
from shuangsui.ledger.tables import Alert, LedgerEntry
from shuangsui.outbox import OutboxRow
from shuangsui.rules import revising
from shuangsui.rules.revisions import Change
from shuangsui.rules.tables import PublishedRevision, RuleRevision
from shuangsui.tenancy import tree

KEY = "publication.days"
TODAY = legal_day(START)
SOON = TODAY + timedelta(days=3)


@pytest.fixture
def files(settings):
    """The configuration as its files have it."""
    return tree.load(settings.tenants)


@pytest.fixture
def at(engine, files, settings, tmp_path):
    """``with at("yuzhong") as (session, trial):`` is one act there; the city and a district have their people."""
    city = Authority(engine, tmp_path)
    city.beside("yuzhong")
    with city.session() as session:
        access.add_user(session, "root", "root", by="sec.admin")
        access.grant(session, "root", Role.SYSTEM_ADMIN, by="sec.admin")

    @contextmanager
    def act(tenant="chongqing"):
        with db.session(engine, tenant) as session:
            yield session, trying.trial(session, files, settings, TODAY)

    return act


def to(value, key=KEY, **more) -> Change:
    """A change of one key."""
    return Change(key, "set", value, "第二条", **more)


@pytest.fixture
def act(at) -> Callable[..., RuleRevision]:
    """``act("draft", [change])``: one act of revising by whoever does it, in the city or elsewhere."""
    usual = {"approve": "leader", "refuse": "leader"}

    def do(name, *args, tenant="chongqing", actor="", **more):
        with at(tenant) as (session, trial):
            if name in ("draft", "propose", "approve", "roll_back"):
                more = {"trial": trial, "today": TODAY} | more
            return getattr(revising, name)(session, *args, actor=actor or usual.get(name, "lead"), **more)

    return do


@pytest.fixture
def enacted(act):
    """``enacted(change, …)``: a revision up to its approval; its number."""

    def do(*changes, on=SOON, tenant="chongqing") -> int:
        n = act("draft", changes, tenant=tenant).n
        act("propose", n, on, "试点", tenant=tenant)
        return act("approve", n, tenant=tenant).n

    return do


@pytest.fixture
def value(engine, files, settings):
    """The value of a key for an authority on a day, as every reader of rules gets it."""

    def found(on=SOON, key=KEY, tenant="chongqing"):
        with db.session(engine, tenant, readonly=True) as session:
            return rulebook.in_force(seated(session, files), tenant, on, settings)[key].value

    return found


def refusal(kind, do, *args, **more) -> tuple[str, str | None]:
    """Code and article of a refused act."""
    with pytest.raises(kind) as caught:
        do(*args, **more)
    return caught.value.code, caught.value.article


def test_what_a_key_takes_no_longer_is_not_approved(act, at):
    """Proposed with an earlier version of the platform, refused with the sentence of the value there is."""
    n = act("draft", [to(15)]).n
    act("propose", n, SOON, "试点")
    with at() as (session, _):
        row = revising.find(session, n)
        row.changes = [to(False, "draw.record_required").as_json()]
        session.add(row)
    assert refusal(BadInput, act, "approve", n) == ("revision_value", None)


def test_approved_revision_is_in_force_from_its_day_on(act, value):
    """Neither a draft nor a proposal is; the day before is untouched."""
    n = act("draft", [to(15)]).n
    assert value() == 20
    act("propose", n, SOON, "试点")
    assert value() == 20
    act("approve", n)
    assert [value(SOON - timedelta(days=1)), value(SOON)] == [20, 15]


def test_every_act_is_in_the_ledger_with_what_it_says(act, at):
    """Who, which revision, what of it."""
    n = act("draft", [to(15)]).n
    act("propose", n, SOON, "试点")
    act("approve", n)
    with at() as (session, _):
        rows = session.exec(
            select(LedgerEntry).where(col(LedgerEntry.act).startswith("rules.")).order_by(LedgerEntry.n)
        )
        found = [(one.act, one.actor, one.subject, json.loads(one.payload)["valid_from"]) for one in rows]
    assert found == [
        ("rules.draft", "lead", "rule_revision/1", None),
        ("rules.propose", "lead", "rule_revision/1", SOON.isoformat()),
        ("rules.approve", "leader", "rule_revision/1", SOON.isoformat()),
    ]


def test_leader_is_told_of_what_waits_until_it_is_decided(act, at):
    """An alert that the decision closes."""
    n = act("draft", [to(15)]).n
    act("propose", n, SOON, "试点")
    with at() as (session, _):
        alert = session.exec(select(Alert)).one()
        assert (alert.kind, alert.subject, alert.to, alert.open) == (
            "rule_revision_waits",
            "rule_revision/1",
            ["leader"],
            True,
        )
    act("refuse", n, "再议")
    with at() as (session, _):
        assert session.exec(select(Alert)).one().open is None


def test_public_pages_follow_when_it_is_approved_and_when_it_begins(enacted, at):
    """One row of work at once, one for the first moment of the day."""
    enacted(to(15))
    with at() as (session, _):
        rows = session.exec(select(OutboxRow).where(OutboxRow.job == "disclosure.follow")).all()
        found = sorted(legal_day(row.run_at) for row in rows)
    assert found == [TODAY, SOON]


def test_nobody_decides_what_they_proposed(act, engine):
    """Not even with both roles; nor past our own code."""
    with db.session(engine, "chongqing") as session:
        access.grant(session, "lead", Role.LEADER, by="sec.admin")
    n = act("draft", [to(15)]).n
    act("propose", n, SOON, "试点")
    assert refusal(NotAllowed, act, "approve", n, actor="lead") == ("same_person", None)
    assert refusal(NotAllowed, act, "refuse", n, "不", actor="lead") == ("same_person", None)
    with pytest.raises(IntegrityError), db.session(engine, "chongqing") as session:
        session.execute(update(RuleRevision).values(decider="lead", state="approved"))
    with pytest.raises(IntegrityError), db.session(engine, "chongqing") as session:
        session.execute(update(RuleRevision).values(state="approved"))


@pytest.mark.parametrize(
    ("actor", "name", "args"),
    [
        ("root", "draft", ([to(15)],)), ("leader", "draft", ([to(15)],)), ("leader", "propose", (1, SOON, "试点")),
        ("leader", "withdraw", (1,)), ("leader", "drop", (1, KEY)), ("lead", "approve", (1,)),
        ("lead", "refuse", (1, "不")), ("root", "approve", (1,)), ("leader", "roll_back", (1, SOON, "不")),
    ],
)  # fmt: skip
def test_who_lacks_the_verb_is_refused(act, actor, name, args):
    """The lead office proposes, the leadership decides; a system administrator does neither."""
    act("draft", [to(15)])
    assert refusal(NotAllowed, act, name, *args, actor=actor) == ("not_allowed", None)


def test_what_binds_is_not_loosened_and_the_article_is_named(act, at):
    """Before anything is written."""
    assert refusal(RuleRefused, act, "draft", [to(1, "team.min_officers")]) == (
        "rule_loosened",
        "《行政处罚法》第四十二条",
    )
    with at() as (session, _):
        assert session.exec(select(RuleRevision)).all() == []


def test_wrong_value_is_refused(act):
    """By the key table, like in a file."""
    assert refusal(BadInput, act, "draft", [to("很快")]) == ("revision_value", None)
    assert refusal(BadInput, act, "draft", [Change("nothing.such", "inherit")]) == ("revision_value", None)


def test_revision_never_reaches_back(act):
    """R18.2: neither when it is proposed nor when it is decided."""
    n = act("draft", [to(15)]).n
    assert refusal(RuleRefused, act, "propose", n, TODAY - timedelta(days=1), "试点") == ("revision_past", "第十八条")
    act("propose", n, TODAY, "试点")
    with pytest.raises(RuleRefused, match="revision_past"):
        act("approve", n, today=TODAY + timedelta(days=1))


def test_draft_takes_one_change_of_a_key_and_drops_it(act):
    """The last one counts; other keys stay."""
    act("draft", [to(15), to(4, "team.min_officers")])
    assert [one["value"] for one in act("draft", [to(12)]).changes] == [4, 12]
    assert [one["key"] for one in act("drop", 1, KEY).changes] == ["team.min_officers"]
    assert refusal(NotFound, act, "drop", 1, KEY) == ("revision_key", None)
    act("drop", 1, "team.min_officers")
    assert refusal(RuleRefused, act, "propose", 1, SOON, "试点") == ("revision_empty", None)


def test_states_go_one_way(act):
    """What is decided or withdrawn is not touched again; a new draft has a new number."""
    act("draft", [to(15)])
    assert refusal(RuleRefused, act, "approve", 1) == ("revision_state", None)
    act("withdraw", 1)
    assert refusal(RuleRefused, act, "propose", 1, SOON, "试点") == ("revision_state", None)
    assert act("draft", [to(15)]).n == 2
    assert refusal(BadInput, act, "propose", 2, SOON, " ") == ("revision_reason", None)
    assert refusal(NotFound, act, "withdraw", 3) == ("revision_missing", None)


def test_rollback_is_a_revision_that_restores(act, enacted, value, at):
    """Proposed by one, approved by another; what was in force in between stays readable."""
    enacted(to(15))
    later = SOON + timedelta(days=5)
    back = act("roll_back", 1, later, "试点结束")
    assert (back.n, back.state, back.rolls_back, back.changes) == (2, "proposed", 1, [{"key": KEY, "op": "file"}])
    act("approve", 2)
    assert [value(day) for day in (SOON - timedelta(days=1), SOON, later)] == [20, 15, 20]
    with at() as (session, _):
        published = session.exec(select(PublishedRevision).order_by(col(PublishedRevision.n))).all()
        assert [(one.n, one.valid_from) for one in published] == [(1, SOON), (2, later)]


def test_rollback_restores_the_revision_below(act, enacted, value):
    """Not the file, while an earlier revision of the key stands."""
    enacted(to(15)), enacted(to(12))
    act("roll_back", 2, SOON, "撤")
    act("approve", 3)
    assert value() == 15
    act("roll_back", 1, SOON, "撤")
    act("approve", 4)
    assert value() == 20


def test_rollback_of_what_has_not_begun_begins_with_it(act, enacted, value):
    """Otherwise the revision would take effect after it was taken back."""
    enacted(to(15))
    assert act("roll_back", 1, TODAY, "撤").valid_from == SOON
    act("approve", 2)
    assert [value(TODAY), value(SOON)] == [20, 20]


def test_rollback_is_refused_while_something_stands_on_it_and_twice(act, enacted):
    """The later one of the same key goes first; one of another key does not matter."""
    enacted(to(15)), enacted(to(12)), enacted(to(4, "team.min_officers"))
    assert refusal(RuleRefused, act, "roll_back", 1, SOON, "撤") == ("revision_superseded", None)
    act("roll_back", 2, SOON, "撤")
    assert refusal(RuleRefused, act, "roll_back", 2, SOON, "撤") == ("revision_rolling_back", None)
    act("approve", 4)
    assert refusal(RuleRefused, act, "roll_back", 2, SOON, "撤") == ("revision_rolled_back", None)
    assert refusal(RuleRefused, act, "roll_back", 4, SOON, "撤") == ("revision_rolled_back", None)


def test_rollback_that_was_overtaken_is_not_approved(act, enacted):
    """A revision of the same key was approved while it waited."""
    enacted(to(15))
    act("roll_back", 1, SOON, "撤")
    enacted(to(12))
    assert refusal(RuleRefused, act, "approve", 2) == ("revision_superseded", None)


def test_r17_1_district_follows_the_city_and_the_city_not_the_district(enacted, value):
    """Read under the district's own tenant, where no row of the city's can be read."""
    enacted(to(15))
    assert [value(tenant=slug) for slug in ("chongqing", "yuzhong", "beibei")] == [15, 15, 15]
    enacted(to(12), tenant="yuzhong")
    assert [value(tenant=slug) for slug in ("chongqing", "yuzhong", "beibei")] == [15, 12, 15]


def test_r17_1_city_cannot_bind_what_a_district_already_says(act, enacted):
    """The refusal names the district; with a document of its own the district would go before."""
    enacted(to(18), tenant="yuzhong")
    with pytest.raises(RuleRefused) as caught:
        act("draft", [to(15, mode="ceiling")])
    params = caught.value.params
    assert (caught.value.code, caught.value.article) == ("revision_below", "第二条")
    assert (params["tenant"], params["key"], params["value"], params["bound"]) == ("yuzhong", KEY, "18", "15")


def test_p3_district_reads_no_row_of_the_city_but_what_is_published(act, enacted, at):
    """A draft of the city is nobody's business; a published revision shows no names."""
    enacted(to(15))
    act("draft", [to(12)])
    with at("yuzhong") as (session, _):
        assert session.exec(select(RuleRevision)).all() == []
        assert [one.authority for one in session.exec(select(PublishedRevision))] == ["chongqing"]
    assert set(PublishedRevision.model_fields) == {"id", "authority", "n", "valid_from", "changes", "at"}

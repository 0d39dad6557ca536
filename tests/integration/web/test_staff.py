"""A person of the operator looks at one authority: for some hours, for a reason, and the authority reads every step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from console import DATA, HERE, PAGE, Browser, settings_of, staff
from shuangsui import db, outbox
from shuangsui.access import service
from shuangsui.access import staff as leaves
from shuangsui.access.policy import Role
from shuangsui.db import move_clock, now
from shuangsui.errors import BadInput, NotAllowed, RuleRefused
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.outbox import OutboxRow

OWN, WHY = "Brown kettle on the roof 7", "排查名录同步失败"


@pytest.fixture
def browser(database, engine, tmp_path) -> Iterator[Browser]:
    """An authority with a security administrator and its lead office."""
    staff(engine, {"zong": Role.LEAD_OFFICE})
    with Browser(settings_of(database.app, tmp_path)) as made:
        yield made


@pytest.fixture
def visitor(browser, engine):
    """The operator's person, signed in with a password of their own."""
    with db.session(engine, HERE) as session:
        _, once = leaves.begin(session, "yunwei", "运维(模拟)", hours=2, reason=WHY, account="os:root")
    assert browser.sign_in("yunwei", once).status_code == 303
    form = {"old": once, "new": OWN, "again": OWN}
    answer = browser.post("/console/password", data={"csrf": browser.csrf("/console/password"), **form}, headers=PAGE)
    assert answer.status_code == 303
    return browser


def entries(engine, start: str) -> list[tuple[str, str, str, dict]]:
    with db.session(engine, HERE, readonly=True) as session:
        rows = session.exec(select(LedgerEntry).order_by(LedgerEntry.n))
        return [(row.act, row.actor, row.subject, json.loads(row.payload)) for row in rows if row.act.startswith(start)]


def test_a_password_that_expired_is_replaced_with_the_next_leave(browser, engine):
    """No authority may replace it; while it is good, or once the person has an own one, there is no second."""
    made = []
    for days in (1, 7, 1):
        with db.session(engine, HERE) as session:
            leave, once = leaves.begin(session, "yunwei", "运维(模拟)", hours=1, reason=WHY, account="os:root")
            leaves.end(session, leave.id, by="os:root")
            move_clock(session, timedelta(days=days))
        made.append(once)
    assert [once is not None for once in made] == [True, False, True]
    with db.session(engine, HERE) as session:
        leaves.begin(session, "yunwei", "运维(模拟)", hours=1, reason=WHY, account="os:root")
    assert [browser.sign_in("yunwei", once).status_code for once in (made[0], made[2])] == [401, 303]


def test_every_step_is_in_the_authoritys_ledger(visitor, engine):
    """The beginning with reason and end, each page that is opened, the end."""
    visitor.get("/console/objects", headers=PAGE)
    visitor.get("/api/plans", headers=DATA)
    with db.session(engine, HERE) as session:
        leave, _ = leaves.listed(session)[0]
        leaves.end(session, leave.id, by="os:root")
    found = entries(engine, "staff.")
    assert [(act, actor, subject) for act, actor, subject, _ in found] == [
        ("staff.begin", "os:root", "yunwei"), ("staff.view", "yunwei", "yunwei"), ("staff.view", "yunwei", "yunwei"),
        ("staff.end", "os:root", "yunwei"),
    ]  # fmt: skip
    assert (found[0][3]["reason"], [one[3]["path"] for one in found[1:3]]) == (WHY, ["/console/objects", "/api/plans"])


def test_every_page_says_what_it_is(visitor):
    """With the reason, on top."""
    for path in ("/console/", "/console/objects", "/console/plans"):
        page = visitor.get(path, headers=PAGE)
        said = f"运维会话：只供查看，打开的每一页都写入本机关的台账。事由：{WHY}"
        assert (page.status_code, said in page.text) == (200, True)


def test_whoever_is_the_operators_is_given_no_role(visitor, engine):
    """Neither by the security administrator nor as an authority's first user: it would have no end and no reason."""
    with db.session(engine, HERE) as session, pytest.raises(RuleRefused, match="staff_no_role"):
        service.grant(session, "yunwei", Role.LEAD_OFFICE, by="anquan")
    with db.session(engine, "liangjiang") as session, pytest.raises(RuleRefused, match="staff_no_role"):
        service.bootstrap(session, "yunwei", "运维(模拟)", account="os:root")
    assert visitor.get("/api/me", headers=DATA).json()["verbs"] == ["view"]


def test_it_looks_and_changes_nothing(visitor):
    """Whatever the route: verbs that it lacks, acts of everybody, tokens that would outlive it."""
    csrf = {"X-CSRF-Token": visitor.get("/api/me", headers=DATA).json()["csrf"], **DATA}
    assert visitor.get("/api/me", headers=DATA).json()["verbs"] == ["view"]
    lacking = [visitor.get(path, headers=DATA) for path in ("/api/users", "/api/ledger", "/api/plugins")]
    assert [(one.status_code, one.json()["code"]) for one in lacking] == [(403, "not_allowed")] * 3
    own = [visitor.post(path, json={}, headers=csrf) for path in ("/api/account/digest", "/api/tokens/make")]
    assert [(one.status_code, one.json()["code"]) for one in own] == [(403, "staff_reads")] * 2
    act = visitor.post("/api/users/add", json={}, headers=csrf)
    assert (act.status_code, act.json()["code"]) == (403, "not_allowed")


def test_it_ends_by_itself(visitor, engine):
    """With the hour, whether or not anybody is at work; the work that writes it down was asked for at the start."""
    with db.session(engine, HERE) as session:
        leave, _ = leaves.listed(session)[0]
        asked = session.exec(select(OutboxRow).where(OutboxRow.job == leaves.END)).one()
        assert (asked.run_at, outbox.given(asked)) == (leave.until, {"leave": str(leave.id)})
        leaves.run_out(session, leave.id)
        move_clock(session, timedelta(hours=2, seconds=1))
    assert visitor.get("/api/me", headers=DATA).status_code == 401
    for _ in range(2):
        with db.session(engine, HERE) as session:
            leaves.run_out(session, leave.id)
    ends = entries(engine, "staff.end")
    assert [(actor, subject) for _, actor, subject, _ in ends] == [("os:clock", "yunwei")]
    assert visitor.beside().sign_in("yunwei", OWN).status_code == 401


def test_the_authority_ends_it(visitor, engine):
    """Its security administrator sees who looked, when and why, and ends it at once."""
    admin = visitor.beside()
    admin.sign_in("anquan")
    row = admin.get("/api/staff", headers=DATA).json()["rows"][0]
    assert (row["login"], row["reason"], row["state"], row["by"]) == ("yunwei", WHY, "进行中", "os:root")
    assert admin.submit(f"/console/staff/{row['id']}/end").status_code == 303
    assert visitor.get("/api/me", headers=DATA).status_code == 401
    again = admin.submit(f"/console/staff/{row['id']}/end")
    assert (again.status_code, "这个运维会话已经结束。" in again.text) == (409, True)
    for id_ in ("x", row["id"].replace(row["id"][-4:], "0000")):
        assert admin.get(f"/api/staff/{id_}", headers=DATA).status_code == 404


def test_it_opens_no_other_authority(visitor):
    """A leave is one authority's."""
    assert visitor.beside().sign_in("yunwei", OWN, "liangjiang").status_code == 401


def test_a_second_leave_needs_no_new_password(visitor, engine):
    """The person stays the same; nobody has two at once."""
    with db.session(engine, HERE) as session, pytest.raises(RuleRefused, match="staff_begun"):
        leaves.begin(session, "yunwei", "", hours=1, reason=WHY, account="os:root")
    with db.session(engine, "liangjiang") as session:
        _, once = leaves.begin(session, "yunwei", "", hours=1, reason=WHY, account="os:root")
    assert once is None
    assert visitor.beside().sign_in("yunwei", OWN, "liangjiang").status_code == 303


@pytest.mark.parametrize(
    ("login", "hours", "reason", "error", "code"),
    [
        ("yunwei", 0, WHY, BadInput, "staff_hours"),
        ("yunwei", 9, WHY, BadInput, "staff_hours"),
        ("yunwei", 1, " ", BadInput, "staff_reason"),
        ("Yun Wei", 1, WHY, BadInput, "login_invalid"),
        ("zong", 1, WHY, RuleRefused, "staff_has_role"),
    ],
)
def test_a_leave_that_is_not_given(browser, engine, login, hours, reason, error, code):
    """Without end, without reason, to the authority's own people."""
    with db.session(engine, HERE) as session, pytest.raises(error, match=code):
        leaves.begin(session, login, "运维", hours=hours, reason=reason, account="os:root")


def test_nobody_replaces_the_password_of_the_operators_people(visitor, engine):
    """An authority that did would look at another in their name."""
    with db.session(engine, HERE) as session, pytest.raises(NotAllowed, match="password_other_home"):
        service.give_password(session, "yunwei", by="anquan")


def test_the_ledger_that_cannot_be_written_shows_no_page(visitor, engine, monkeypatch):
    """What is not written down is not looked at."""

    def full(*_args, **_named):
        raise ZeroDivisionError

    monkeypatch.setattr("shuangsui.pages.guards.record", full)
    assert visitor.get("/console/objects", headers=PAGE).status_code == 500
    with db.session(engine, HERE, readonly=True) as session:
        assert now(session)

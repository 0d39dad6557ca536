"""Users and roles of a tenant, each change in its ledger."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from shuangsui.access import service
from shuangsui.access.policy import Role
from shuangsui.access.service import Member
from shuangsui.access.tables import Membership, User
from shuangsui.db import TenantSession
from shuangsui.errors import BadInput, NotAllowed, NotFound
from shuangsui.ledger.tables import LedgerEntry


@pytest.fixture
def staffed(scope) -> None:
    """重庆 has a security administrator and a leader."""
    with scope("chongqing") as session:
        service.bootstrap(session, "anquan", "安", account="os:root")
        service.add_user(session, "li", "李", by="anquan")
        service.grant(session, "li", Role.LEADER, by="anquan")


def refusal(scope, login: str, verb: str, tenant: str = "chongqing") -> str:
    """The code with which a verb is refused."""
    with scope(tenant) as session, pytest.raises(NotAllowed) as refused:
        service.require(session, login, verb)
    return refused.value.code


def test_first_user_of_a_tenant_is_its_security_administrator(scope, staffed: None):
    """By the operating system's account, and recorded under its name."""
    with scope("chongqing") as session:
        acts = session.exec(select(LedgerEntry).order_by(LedgerEntry.n)).all()
    assert [(act.act, act.actor, act.subject) for act in acts] == [
        ("user.add", "os:root", "anquan"),
        ("user.grant", "os:root", "anquan"),
        ("user.add", "anquan", "li"),
        ("user.grant", "anquan", "li"),
    ]


def test_bootstrap_is_over_once_a_tenant_has_a_user(scope, staffed: None):
    """Another tenant, which has none yet, still may."""
    with scope("chongqing") as session, pytest.raises(NotAllowed, match="bootstrap_over"):
        service.bootstrap(session, "second", "二", account="os:root")
    with scope("liangjiang") as session:
        service.bootstrap(session, "anquan-lj", "安", account="os:root")


def test_require_answers_the_actor(scope, staffed: None):
    """With everything that later steps need."""
    with scope("chongqing") as session:
        actor = service.require(session, "li", "approve_plan")
    assert (actor.login, actor.name, actor.tenant, actor.roles) == ("li", "李", "chongqing", {Role.LEADER})


def test_require_refuses_strangers_alike(scope, staffed: None):
    """No such user, without role, inactive, or of another tenant: one answer."""
    with scope("chongqing") as session:
        service.add_user(session, "wang", "王", by="anquan")
        session.add(User(login="old", name="旧", active=False))
        old = session.exec(select(User).where(User.login == "old")).one()
        session.add(Membership(user_id=old.id, role=Role.LEADER))
    assert [refusal(scope, login, "approve_plan") for login in ("nobody", "wang", "old")] == ["user_unknown"] * 3
    assert refusal(scope, "li", "approve_plan", tenant="liangjiang") == "user_unknown"
    assert refusal(scope, "li", "publish") == "not_allowed"


def test_roles_are_of_one_tenant(scope, staffed: None):
    """The same person may serve two authorities, with other roles in each."""
    with scope("liangjiang") as session:
        service.bootstrap(session, "anquan-lj", "安", account="os:root")
        service.grant(session, "li", Role.SUPERVISOR, by="anquan-lj")
        assert service.require(session, "li", "enter_event").roles == {Role.SUPERVISOR}
        assert [member.login for member in service.members(session)] == ["anquan-lj", "li"]
    assert refusal(scope, "li", "enter_event") == "not_allowed"


def test_only_a_security_administrator_manages_users(scope, staffed: None):
    """Not a leader, not oneself."""
    with scope("chongqing") as session:
        with pytest.raises(NotAllowed, match="not_allowed"):
            service.add_user(session, "wang", "王", by="li")
        with pytest.raises(NotAllowed, match="not_allowed"):
            service.grant(session, "li", Role.LEAD_OFFICE, by="li")
        with pytest.raises(NotAllowed, match="self_grant"):
            service.grant(session, "anquan", Role.LEADER, by="anquan")
        assert service.members(session)[1] == Member("li", "李", True, (Role.LEADER,))


def test_unknown_or_taken_login_is_refused(scope, staffed: None):
    """Nothing is half done."""
    with scope("chongqing") as session:
        with pytest.raises(BadInput, match="login_taken"):
            service.add_user(session, "li", "李二", by="anquan")
        with pytest.raises(NotFound, match="user_missing"):
            service.grant(session, "nobody", Role.LEADER, by="anquan")
        with pytest.raises(BadInput, match="login_invalid"):
            service.add_user(session, "Li Si", "李四", by="anquan")
        with pytest.raises(BadInput, match="name_empty"):
            service.add_user(session, "lisi", " ", by="anquan")


def test_granting_again_changes_nothing(scope, staffed: None):
    """One membership, one ledger row."""
    with scope("chongqing") as session:
        before = session.exec(select(LedgerEntry.n).order_by(col(LedgerEntry.n))).all()
        service.grant(session, "li", Role.LEADER, by="anquan")
        assert session.exec(select(LedgerEntry.n).order_by(col(LedgerEntry.n))).all() == before


def test_administrator_roles_exclude_each_other(scope, staffed: None):
    """Refused by the rule, and by the database when the rule is walked around; other roles add up."""
    with scope("chongqing") as session:
        service.grant(session, "li", Role.SYSTEM_ADMIN, by="anquan")
        service.grant(session, "li", Role.LEAD_OFFICE, by="anquan")
        with pytest.raises(NotAllowed, match="administrators_apart"):
            service.grant(session, "li", Role.AUDIT_ADMIN, by="anquan")
        assert service.members(session)[1].roles == (Role.LEAD_OFFICE, Role.LEADER, Role.SYSTEM_ADMIN)


def test_database_refuses_a_second_administrator_role(engine: Engine, staffed: None):
    """The partial unique index, whatever the code above it does."""
    with TenantSession(engine, "chongqing") as session:
        user = session.exec(select(User).where(User.login == "anquan")).one()
        session.add(Membership(user_id=user.id, role=Role.AUDIT_ADMIN))
        with pytest.raises(IntegrityError):
            session.flush()

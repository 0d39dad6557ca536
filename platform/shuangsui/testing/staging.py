"""What the demo and the simulated year begin with on invented data: people, a published list, a published plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.access.tables import User
from shuangsui.catalogue import drafting
from shuangsui.catalogue import service as catalogue
from shuangsui.db import TenantSession
from shuangsui.draws.office import Office
from shuangsui.planning import service as planning

ADMINISTRATOR = ("sec.admin", "安全管理员")
STAFF = {
    "lead": ("综合执法处", Role.LEAD_OFFICE),
    "business": ("节能与综合利用处", Role.BUSINESS_OFFICE),
    "leader": ("委领导", Role.LEADER),
    "supervisor": ("驻委纪检监察组", Role.SUPERVISOR),
    "inspection": ("工业节能监察处", Role.INSPECTION_OFFICE),
}
HELD = {"JX-15": "抽查比例由市级部门根据风险情况确定，待明确上限"}


def admit(session: TenantSession, *, account: str, **more: tuple[str, Role]) -> User:
    """The first administrator, who is the answer, then everybody with one role."""
    first, name = ADMINISTRATOR
    administrator = access.bootstrap(session, first, name, account=account)
    for login, (title, role) in {**STAFF, **more}.items():
        access.add_user(session, login, title, by=first)
        access.grant(session, login, role, by=first)
    return administrator


def publish_list(session: TenantSession, office: Office, today: date) -> None:
    """The item that has no cap yet waits for a later version; the others are confirmed, approved, published."""
    rules, level = office.rules(today), office.level
    for code, reason in HELD.items():
        drafting.hold(session, code, reason, actor="lead")
    drafting.confirm(session, actor="business")
    catalogue.submit(session, actor="lead", rules=rules, level=level)
    catalogue.approve(session, actor="leader", rules=rules)
    catalogue.publish(session, actor="lead", rules=rules)


def publish_plan(session: TenantSession, office: Office, today: date, lines: Sequence[planning.Line]) -> None:
    """The plan of the year of ``today``, drafted, approved and published (R7.1)."""
    year, rules = today.year, office.rules(today)
    planning.new_plan(session, year, actor="lead")
    for line in lines:
        planning.add_line(session, year, line, rules=rules, level=office.level, actor="lead")
    planning.submit(session, year, actor="lead")
    planning.approve(session, year, actor="leader")
    planning.publish(session, year, actor="lead")

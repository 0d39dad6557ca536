"""The first page of the console: who I am here, and what somebody must look at."""

from __future__ import annotations

from shuangsui.access.policy import ROLE_NAMES
from shuangsui.ledger.alerts import open_alerts
from shuangsui.ledger.tables import AlertLevel
from shuangsui.pages import Detail, Here, Table, view

LEVELS = {AlertLevel.WARN: "提醒", AlertLevel.BREACH: "已违反期限"}
COLUMNS = {"level": "程度", "kind": "类别", "subject": "对象", "article": "依据", "due": "期限"}


def load(here: Here) -> Detail:
    """Alerts only for those who may look at the authority's business."""
    roles = "、".join(sorted(ROLE_NAMES[role] for role in here.actor.roles))
    facts = {"机关": here.office.tenant.name, "用户": here.actor.name, "角色": roles, "今天": here.today}
    facts |= {"执法证号": here.actor.inspector} if here.actor.inspector else {}
    tables = [_alerts(here)] if here.actor.may("view") else []
    return Detail("工作台", facts, tables, data={"login": here.actor.login, "tenant": here.actor.tenant})


def _alerts(here: Here) -> Table:
    rows = [
        {
            "level": LEVELS[alert.level],
            "kind": alert.kind,
            "subject": alert.subject,
            "article": alert.article,
            "due": alert.due,
        }
        for alert in open_alerts(here.session)
    ]
    return Table(COLUMNS, rows, title="需要处理的提醒")


VIEWS = [view("/", verb=None, load=load, title="工作台", menu="工作台")]

"""The first page of the console: who I am here, and what somebody must look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shuangsui.access.policy import ROLE_NAMES
from shuangsui.ledger import tenure
from shuangsui.ledger.alerts import addressed_to, open_alerts
from shuangsui.ledger.tables import Alert, AlertLevel
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.tenancy.tenure import TENURES, Tenure
from shuangsui.texts import alert_titles
from shuangsui.web.beginning import beginning
from shuangsui.web.desk import desk
from shuangsui.web.waiting import waiting

LEVELS = {AlertLevel.WARN: "提醒", AlertLevel.BREACH: "逾期"}
COLUMNS = {"level": "程度", "kind": "事由", "subject": "对象", "due": "期限", "article": "依据"}


def load(here: Here) -> Detail:
    """Alerts for those whom they are addressed to, or who may look at the authority's business."""
    roles = [name for role, name in ROLE_NAMES.items() if role in here.actor.roles]
    facts = {"机关": here.office.tenant.name, "用户": here.actor.name, "角色": roles, "今天": here.today}
    facts |= _tenure(here)
    facts |= {"执法证号": here.actor.inspector} if here.actor.inspector else {}
    facts |= {"专家编号": here.actor.expert} if here.actor.expert else {}
    alerts = [alert for alert in open_alerts(here.session) if _concerns(alert, here)]
    tables = [_table(alerts)] if alerts or here.actor.may("view") else []
    shown = _desk(here) if here.actor.may("view") else None
    return Detail("工作台", facts, tables, data={"login": here.actor.login, "tenant": here.actor.tenant, "desk": shown})


def _desk(here: Here) -> dict[str, Any]:
    return {**desk(here), "waiting": list(waiting(here)), "beginning": beginning(here.session)}


def _tenure(here: Here) -> dict[str, str]:
    """Why nothing new can be begun here, where that is so."""
    if (stands := tenure.standing(here.session)) is Tenure.ACTIVE:
        return {}
    return {"机关状态": TENURES[stands]}


def _concerns(alert: Alert, here: Here) -> bool:
    return addressed_to(alert, here.actor.roles) if alert.to else here.actor.may("view")


def _table(alerts: Sequence[Alert]) -> Table:
    titles = alert_titles()
    rows = [
        {
            "level": LEVELS[alert.level],
            "kind": titles.get(alert.kind, alert.kind),
            "subject": alert.subject,
            "due": alert.due,
            "article": alert.article,
        }
        for alert in alerts
    ]
    return Table(COLUMNS, rows, title="需要处理的提醒")


VIEWS = [view("/", verb=None, load=load, title="工作台", menu="工作台", template="console/today.html")]

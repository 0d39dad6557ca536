"""通知 at the console: what was told to whom and what went wrong; and everybody's own addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from shuangsui.contracts import Health
from shuangsui.errors import Misconfigured, NotFound, OutsideFailed, RuleRefused, ShuangsuiError
from shuangsui.extension import service as extension
from shuangsui.extension.isolation import Absent, LoadedNotifier
from shuangsui.notification import callback_routes, recipients, service, trial
from shuangsui.notification.messages import ADDRESSES, LEVELS, STATES
from shuangsui.notification.policy import HIDDEN, STARTABLE, NotificationState
from shuangsui.notification.recipients import Person
from shuangsui.notification.tables import Notification
from shuangsui.pages import Detail, Here, Table, act, view
from shuangsui.said import say
from shuangsui.texts import sentence
from shuangsui.vault.service import Vault
from shuangsui.web.telling import moment

COLUMNS = {
    "made": "时间", "level_name": "程度", "title": "事由", "login": "通知谁", "notifier": "方式", "state_name": "状态",
    "attempts": "已尝试", "next": "下次尝试", "problem": "最近的错误",
}  # fmt: skip
MORE = {"sent": "发出时间", "delivered": "送到时间", "reference": "对方的回执"}
DIGEST = {"yes": "接收", "no": "不接收"}


WAYS = {
    "notifier": "方式", "address": "地址", "state_name": "状态", "message": "说明", "waiting": "等待发送",
    "refused": "被退回",
}  # fmt: skip


class Address(BaseModel):
    """One way to reach somebody."""

    kind: str = Field(title="种类")
    address: str = Field("", title="地址", max_length=254, description="留空表示不再用这一种")


class Digest(BaseModel):
    """Whether the day's warnings come together."""

    digest: Literal["yes", "no"] = Field(title="每日汇总")


def load_all(here: Here) -> Table:
    """The newest, what needs somebody first; filtered by state."""
    wanted = here.query.get("state", "")
    state = NotificationState(wanted) if wanted in STATES else None
    found, everybody = service.listed(here.session, state), recipients.people(here.session)
    refused = sum(row.state is NotificationState.REFUSED for row in found)
    blocked = sum(row.state is NotificationState.BLOCKED for row in found)
    notes = (
        say(
            "共 {n} 条，被退回 {refused} 条，含个人信息而没有发出 {blocked} 条",
            n=len(found),
            refused=refused,
            blocked=blocked,
        ),
    )
    rows = [said(row, everybody) for row in found]
    acts = {"again"} if refused else set()
    return Table(COLUMNS, rows, "/notifications/{id}", filters={"state": ("状态", STATES)}, notes=notes, acts=acts)


def load_one(here: Here) -> Detail:
    """One of them, with its receipt."""
    row = service.find(here.session, _id(here))
    known = said(row, recipients.people(here.session))
    facts = {heading: known[name] for name, heading in (COLUMNS | MORE).items()} | {"编号": known["id"]}
    acts = {"again", "drop"} if row.state in STARTABLE else set()
    return Detail(known["title"], facts, acts=acts, data=known)


def load_ways(here: Here) -> Table:
    """Every notifier is asked while the page is made, and no transaction waits for them."""
    known, left = extension.notifiers(here.office.tenant), service.left(here.session)
    here.session.commit()
    rows = [_way(one, said, left.get(one.key, {})) for one, said in zip(known, trial.asked(known), strict=True)]
    broken = sum(row["state_name"] != "正常" for row in rows)
    return Table(WAYS, rows, notes=(say("共 {n} 种通知方式，{broken} 种不能用", n=len(rows), broken=broken),))


def again(here: Here, _form: Any) -> None:
    """The worker takes it up at once."""
    service.again(here.session, _id(here), actor=here.actor.login)


def drop(here: Here, _form: Any) -> None:
    """It is not tried any more."""
    service.drop(here.session, _id(here), actor=here.actor.login)


def all_again(here: Here, _form: Any) -> dict[str, int]:
    """Everything that was refused; ``notification_none_refused`` where somebody else was quicker."""
    count = service.all_again(here.session, actor=here.actor.login)
    if not count:
        raise RuleRefused("notification_none_refused")
    return {"count": count}


def load_account(here: Here) -> Detail:
    """The signed-in person's own addresses, in full."""
    person = recipients.reached(here.session, here.actor.login)
    addresses, problems = opened(here.office.vault, person)
    facts: dict[str, Any] = {name: addresses.get(kind) for kind, name in ADDRESSES.items()}
    facts["每日汇总"] = DIGEST["yes" if person.digest else "no"]
    notes = (*problems, "逾期事项随时通知；每日汇总在工作日发送，可以不接收。")
    return Detail("我的通知", facts, notes=notes, data={"addresses": addresses, "digest": person.digest})


def opened(vault: Vault, person: Person) -> tuple[dict[str, str], list[str]]:
    """The person's addresses by kind, hidden where they cannot be opened now, and why, once for each reason."""
    addresses, problems = {}, []
    for kind in person.addresses:
        try:
            addresses[kind] = person.address(vault, kind)
        except (OutsideFailed, Misconfigured) as error:
            addresses[kind] = HIDDEN
            problems.append(sentence(error))
    return addresses, [*dict.fromkeys(problems)]


def set_own(here: Here, form: Address) -> None:
    """From the next message on."""
    login, vault = here.actor.login, here.office.vault
    recipients.set_address(here.session, vault, login, form.kind, form.address, by=login)


def set_digest(here: Here, form: Digest) -> None:
    """From the next morning on."""
    recipients.set_digest(here.session, here.actor.login, form.digest == "yes", by=here.actor.login)


def set_for(here: Here, form: Address) -> None:
    """By the security administrator, for somebody who works here."""
    login, vault = here.path["login"], here.office.vault
    recipients.set_address(here.session, vault, login, form.kind, form.address, by=here.actor.login)


def said(row: Notification, everybody: Mapping[UUID, Person]) -> dict[str, Any]:
    """A row for people and programs; one that was blocked is not repeated."""
    person, error = everybody.get(row.user_id), row.error
    blocked = row.state is NotificationState.BLOCKED
    return {
        "id": row.id, "level": row.level, "level_name": LEVELS[row.level], "login": person.login if person else None,
        "title": "（含个人信息，不显示）" if blocked else row.title, "notifier": row.notifier, "state": row.state,
        "state_name": STATES[row.state], "attempts": row.attempts, "made_at": row.made_at, "made": moment(row.made_at),
        "next_at": row.next_at, "next": moment(row.next_at) if row.next_at else "",
        "sent_at": row.sent_at, "sent": moment(row.sent_at) if row.sent_at else "", "reference": row.reference,
        "delivered_at": row.delivered_at, "delivered": moment(row.delivered_at) if row.delivered_at else "",
        "problem": sentence(ShuangsuiError(error["code"], **error["params"])) if error else "",
    }  # fmt: skip


def _way(
    one: LoadedNotifier | Absent, health: Health | OutsideFailed, left: Mapping[NotificationState, int]
) -> dict[str, Any]:
    ok, message = (health.ok, health.message) if isinstance(health, Health) else (False, sentence(health))
    kind = one.address_kind if isinstance(one, LoadedNotifier) else ""
    return {
        "notifier": one.key, "address": ADDRESSES.get(kind, ""), "state_name": "正常" if ok else "不能用",
        "message": message, "waiting": left.get(NotificationState.WAITING, 0),
        "refused": left.get(NotificationState.REFUSED, 0),
    }  # fmt: skip


def _id(here: Here) -> UUID:
    try:
        return UUID(here.path["id"])
    except ValueError as error:
        raise NotFound("notification_missing", id=here.path["id"]) from error


VIEWS = [
    view("/notifications", verb="manage_settings", load=load_all, title="通知", menu="管理"),
    view("/notifications/{id:str}", verb="manage_settings", load=load_one, title="通知"),
    view("/notifiers", verb="manage_settings", load=load_ways, title="通知方式", menu="管理"),
    view("/account", verb=None, load=load_account, title="我的通知", menu="工作台"),
]
ACTS = [
    act("/notifications/again", verb="manage_settings", do=all_again, title="重新发送全部被退回的通知",
        done="已安排重新发送全部被退回的通知。"),
    act("/notifications/{id:str}/again", verb="manage_settings", do=again, title="重新发送", done="已安排重新发送。"),
    act("/notifications/{id:str}/drop", verb="manage_settings", do=drop, title="不再发送", done="这条通知不再发送。"),
    act("/account/address", verb=None, model=Address, do=set_own, title="登记通知地址", choices={"kind": ADDRESSES},
        done="已登记通知地址。"),
    act("/account/digest", verb=None, model=Digest, do=set_digest, title="每日汇总", choices={"digest": DIGEST},
        done="已登记。"),
    act("/users/{login:str}/address", verb="manage_users", model=Address, do=set_for, title="登记通知地址",
        choices={"kind": ADDRESSES}, done="已登记通知地址。"),
]  # fmt: skip
HANDLERS = callback_routes.HANDLERS

"""公示事项: each with its term, every receiver's state, attempts, last error and receipt; and what a person may do."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from shuangsui.disclosure import board, corrections, interventions, wording
from shuangsui.disclosure.corrections import RESULT_FIELDS, ROUND_FIELDS
from shuangsui.disclosure.following import publish_site
from shuangsui.disclosure.messages import ACTIONS, DELIVERIES, DISCLOSED, DUTIES, FIELDS, STANDINGS
from shuangsui.disclosure.outlook import Outlook
from shuangsui.disclosure.policy import DeliveryState
from shuangsui.disclosure.tables import Term
from shuangsui.disclosure.ways import HAND
from shuangsui.errors import ShuangsuiError
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.said import named, say
from shuangsui.texts import sentence
from shuangsui.web.telling import moment

ONE = "/disclosures/{kind:str}/{key:str}"
COLUMNS = {
    "kind_name": "种类", "key": "编号", "about": "内容", "published_on": "决定日期", "due": "期限",
    "standing_name": "状态", "channels": "渠道",
}  # fmt: skip
SENT = {
    "receiver": "渠道", "duty_name": "依规定", "state_name": "状态", "attempts": "尝试次数", "problem": "最近的错误",
    "reference": "回执", "seen": "确认时间", "next": "下次尝试",
}  # fmt: skip
REVISIONS = {
    "revision": "版次", "action_name": "办理", "note": "向公众的说明", "published_on": "日期", "by": "经办人",
}  # fmt: skip
DERIVED = {"due": "公开期限", "derivation": "期限推算"}
AROUND = {"tasks": "检查任务", "rulings": "公开决定", "draws": "抽取"}


class Again(BaseModel):
    """Which delivery."""

    delivery: UUID = Field(title="渠道")


class ByHand(Again):
    """A receipt that a person got."""

    reference: str = Field(title="在对方系统查到的编号或者网址", max_length=200)
    seen_on: date = Field(title="查到的日期")


class Wrong(BaseModel):
    """What is wrong."""

    wrong: str = Field(title="哪里有误", max_length=500, json_schema_extra={"kind": "textarea"})


class Correction(BaseModel):
    """One field put right."""

    field: str = Field(title="更正的栏目")
    value: str = Field(title="更正后的内容", max_length=500)
    note: str = Field(title="向公众的说明", max_length=500, description="更正了什么；公示网站会写明更正的日期")


class Withdrawal(BaseModel):
    """Why it is taken down."""

    note: str = Field(title="向公众的说明", max_length=500, description="为何撤下；撤下后公示网站只留下这句话")


def load_all(here: Here) -> Table:
    """The latest decision first."""
    found = [_row(one) for one in board.board(here.session)]
    wanted, kind = here.query.get("state", ""), here.query.get("kind", "")
    rows = [row for row in found if wanted in ("", row["standing"]) and kind in ("", row["kind"])]
    filters = {"state": ("状态", STANDINGS), "kind": ("种类", DISCLOSED)}
    return Table(COLUMNS, rows, "/disclosures/{kind}/{key}", filters=filters, notes=_counts(found))


def load_one(here: Here) -> Detail:
    """One thing with everything that happened to it."""
    one = board.one(here.session, here.path["kind"], here.path["key"])
    facts = _facts(here, one, _row(one))
    row, tables = _row(one), [_sent(past, last=past is one["revisions"][-1]) for past in one["revisions"][::-1]]
    revisions = [{**past, "action_name": ACTIONS[past["action"]], "deliveries": None} for past in one["revisions"]]
    around = [{"area": area, "no": no, "what": name} for area, name in AROUND.items() if (no := _number(one, area))]
    tables += [
        Table(REVISIONS, revisions, title="版次"),
        _derived(one),
        Table({"what": "页面", "no": "编号"}, around, "/{area}/{no}", title="有关的页面"),
        *timeline.of(here, f"{one['kind']}/{one['key']}", *_sent_to(one)),
    ]
    return Detail(
        say("{kind} {key}", kind=DISCLOSED[one["kind"]], key=one["key"]), facts,
        [table for table in tables if table.rows],
        acts=_offered(one),
        data={**row, "term": one["term"], "derivation": facts.get("期限推算"), "content": one["content"]},
    )  # fmt: skip


def again(here: Here, form: Again) -> None:
    """The worker, or the next look, takes it up."""
    interventions.replay(here.session, form.delivery, actor=here.actor.login)


def by_hand(here: Here, form: ByHand) -> None:
    """Whatever a plugin cannot do or does not exist for."""
    interventions.receive(
        here.session, here.office, form.delivery, reference=form.reference, seen_on=form.seen_on,
        actor=here.actor.login,
    )  # fmt: skip


def accept(here: Here, form: Wrong) -> None:
    """The term of the correction runs."""
    corrections.accept(here.session, here.path["kind"], here.path["key"], form.wrong, actor=here.actor.login)


def correct(here: Here, form: Correction) -> None:
    """A new revision, on its way at once."""
    value: Any = form.value.strip()
    if form.field == "categories":
        value = [part.strip() for part in form.value.replace("，", ",").split(",")]
    elif value.isdecimal() and form.field in ROUND_FIELDS:
        value = int(value)
    corrections.correct(
        here.session, here.path["kind"], here.path["key"], {form.field: value}, form.note, actor=here.actor.login
    )
    publish_site(here)


def withdraw(here: Here, form: Withdrawal) -> None:
    """Taken down everywhere."""
    corrections.withdraw(here.session, here.path["kind"], here.path["key"], form.note, actor=here.actor.login)
    publish_site(here)


def open_ways(here: Here) -> dict[str, str]:
    """Deliveries of the newest revision that a person may start again."""
    return {
        str(one["id"]): named(wording.receiver(one["channel"]), DELIVERIES[one["state"]])
        for one in _newest(here)
        if _restartable(one)
    }


def unseen_ways(here: Here) -> dict[str, str]:
    """Those for which a receipt may be entered."""
    return {
        str(one["id"]): named(wording.receiver(one["channel"]), DELIVERIES[one["state"]])
        for one in _newest(here)
        if _unconfirmed(one)
    }


def correctable(here: Here) -> dict[str, str]:
    """Fields of the kind."""
    names = {"result": RESULT_FIELDS, "round": ROUND_FIELDS}.get(here.path["kind"], ())
    return {name: FIELDS[name] for name in names}


def _newest(here: Here) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = board.one(here.session, here.path["kind"], here.path["key"])["deliveries"]
    return found


def _unconfirmed(one: dict[str, Any]) -> bool:
    return one["state"] not in (DeliveryState.CONFIRMED, DeliveryState.SUPERSEDED)


def _restartable(one: dict[str, Any]) -> bool:
    return _unconfirmed(one) and not one["channel"].startswith(f"{HAND}/")


def _offered(one: dict[str, Any]) -> set[str]:
    sent = one["deliveries"]
    found = {"retry"} if any(map(_restartable, sent)) else set()
    found |= {"receipt"} if any(map(_unconfirmed, sent)) else set()
    if one["standing"] == "withdrawn" or one["action"] == "withdraw" or one["kind"] in ("notice", "withheld"):
        return found
    return found | {"accept", "withdraw"} | ({"correct"} if one["kind"] in ("result", "round") else set())


def _row(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": one["kind"], "kind_name": DISCLOSED[one["kind"]], "key": one["key"], "about": one["title"],
        "revision": one["revision"], "published_on": one["published_on"], "until": one["until"],
        "due": one["term"]["due"] if one["term"] else None, "standing": one["standing"],
        "standing_name": STANDINGS[one["standing"]], "deliveries": [_said(sent) for sent in one["deliveries"]],
        "channels": [
            say("{name}：{value}", name=_where(sent), value=DELIVERIES[sent["state"]]) for sent in one["deliveries"]
        ],
    }  # fmt: skip


def _where(sent: dict[str, Any]) -> str:
    """By the place that the rules name; a receiver that no rule names by its own name."""
    return (sent["duty"] and DUTIES.get(sent["duty"])) or wording.receiver(sent["channel"])


def _said(sent: dict[str, Any]) -> dict[str, Any]:
    """A delivery for people and programs."""
    error, waits = sent["error"], sent["next_at"] and _unconfirmed(sent)
    return {
        **sent,
        "receiver": wording.receiver(sent["channel"]),
        "state_name": DELIVERIES[sent["state"]],
        "duty_name": DUTIES.get(sent["duty"], sent["duty"]),
        "problem": sentence(ShuangsuiError(error["code"], **error["params"])) if error else "",
        "reference": (sent["receipt"] or {}).get("reference", ""),
        "seen": moment(sent["confirmed_at"]) if sent["confirmed_at"] else "",
        "next": moment(sent["next_at"]) if waits else "",
    }


def _sent_to(one: dict[str, Any]) -> set[str]:
    """How the ledger names what was sent of it."""
    sent = (delivery for past in one["revisions"] for delivery in past["deliveries"])
    return {f"{one['kind']}/{one['key']}@{delivery['channel']}" for delivery in sent}


def _sent(past: dict[str, Any], *, last: bool) -> Table:
    rows = [_said(sent) for sent in past["deliveries"]]
    return Table(SENT, rows, title="各渠道的送达" if last else say("第 {revision} 版的送达", revision=past["revision"]))


def _facts(here: Here, one: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "内容": row["about"],
        "状态": row["standing_name"],
        "版次": row["revision"],
        "决定日期": row["published_on"],
    }
    term = one["term"]
    if term and term["due"]:
        plain = _plain(term)
        left = Outlook.of(here.session, here.office, here.today).left(plain)
        facts["公开期限"] = f"{term['due']}{'（暂定）' if term['provisional'] else ''}"
        facts["期限推算"] = wording.derivation(plain)
        facts |= _met(one, wording.remaining(term["due"], left, here.today))
    return facts | ({"公示至": row["until"]} if row["until"] else {}) | ({"说明": one["note"]} if one["note"] else {})


def _met(one: dict[str, Any], left: str) -> dict[str, Any]:
    """When all of it was public, or how long there is; a notice is no part of what closes the term of its result."""
    if one["kind"] == "notice":
        return {} if one["standing"] == "published" else {"剩余": left}
    met = one["term"]["met"]
    return {"全部公开": met} if met else {"剩余": left}


def _plain(term: dict[str, Any]) -> Term:
    return Term(**{name: term[name] for name in board.TERM})


def _derived(one: dict[str, Any]) -> Table:
    """Where the term is derived day by day."""
    term = one["term"]
    rows = [{**term, "derivation": wording.derivation(_plain(term))}] if term else []
    return Table(DERIVED, rows, "/due/{no}/{part}", title="逐日推算")


def _number(one: dict[str, Any], area: str) -> str | None:
    number: str | None = one["draw_no"] if area == "draws" else one["task_no"]
    return number


def _counts(found: list[dict[str, Any]]) -> tuple[str, ...]:
    open_ = [row for row in found if row["standing"] in ("pending", "partial")]
    refused = [row for row in found if row["standing"] == "refused"]
    return (
        say(
            "共 {n} 项，{open} 项还没有在全部规定的渠道公开，{refused} 项被退回",
            n=len(found),
            open=len(open_),
            refused=len(refused),
        ),
    )


VIEWS = [
    view("/disclosures", verb="view", load=load_all, title="公示事项", menu="公示"),
    view(ONE, verb="view", load=load_one, title="公示事项"),
]
ACTS = [
    act(f"{ONE}/retry", verb="publish", model=Again, do=again, title="重新送达", done="已安排重新送达。",
        choices={"delivery": open_ways}),
    act(f"{ONE}/receipt", verb="publish", model=ByHand, do=by_hand, title="登记人工回执", done="回执已登记。",
        choices={"delivery": unseen_ways}),
    act(f"{ONE}/accept", verb="publish", model=Wrong, do=accept, title="受理更正", done="已受理，更正期限开始计算。"),
    act(f"{ONE}/correct", verb="publish", model=Correction, do=correct, title="更正", done="已更正，并已送往各渠道。",
        choices={"field": correctable}),
    act(f"{ONE}/withdraw", verb="approve_withholding", model=Withdrawal, do=withdraw, title="撤下",
        done="已撤下，公示网站留下说明。"),
]  # fmt: skip

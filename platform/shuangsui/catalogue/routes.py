"""The item list on pages: versions, the way to publication, bases that were amended (articles 4 and 5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from pydantic import BaseModel, Field

from shuangsui.catalogue import basis, item_routes, service, versions, views
from shuangsui.catalogue.item_routes import CLASSES, remark, version_of
from shuangsui.catalogue.tables import ItemList, ListState
from shuangsui.catalogue.versions import STATES
from shuangsui.disclosure.following import publish_site
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.registry.upload_routes import Upload, taken
from shuangsui.rules.policy import Rules
from shuangsui.said import say

VERSIONS = {
    "version": "版本", "state_name": "状态", "proposer": "提出人", "submitted_at": "提交时间", "approver": "批准人",
    "approved_at": "批准时间", "published_at": "公布时间", "digest": "摘要",
}  # fmt: skip
ITEMS = {
    "code": "编号", "name": "事项", "class_name": "类别", "ratio_text": "抽查比例", "frequency_text": "抽查频次",
    "remark": "待办",
}  # fmt: skip
REVIEWS = {"item": "事项", "law": "依据", "amended_on": "修改日期", "due": "复核期限"}


class Reason(BaseModel):
    """Why."""

    reason: str = Field(title="理由", max_length=500, json_schema_extra={"kind": "textarea"})


class Amended(BaseModel):
    """A basis that was amended."""

    law: str = Field(title="依据", max_length=200, description="按清单“抽查依据”一栏的写法")
    amended_on: date = Field(title="修改日期")


class Confirmed(BaseModel):
    """What the business office agrees to."""

    codes: list[str] = Field([], title="事项编号", description="不填表示全部没有搁置的事项")


def load_all(here: Here) -> Detail:
    """Every version, and the items whose basis was amended."""
    under_way, current = versions.working(here.session), versions.in_force(here.session)
    facts = {"施行的版本": _named(current), "办理中的版本": _named(under_way)}
    rows = [views.summary(one) | _spoken(one) for one in versions.versions(here.session)]
    tables = [Table(VERSIONS, rows, "/catalogue/{version}", title="各版清单"), _reviews(here, current)]
    awaits = under_way is not None and under_way.state is ListState.SUBMITTED
    return Detail("随机抽查事项清单", facts, tables, acts=_moves(here, under_way, current), awaits=awaits)


def load_version(here: Here) -> Detail:
    """One version with all its items."""
    found = version_of(here)
    view_ = views.work_view(here.session, found)
    rows = [
        {**one, "version": found.number, "class_name": CLASSES[one["item_class"]], "remark": remark(one)}
        for one in view_["items"]
    ]
    shown = view_ | _spoken(found)
    facts = {title: shown[name] for name, title in VERSIONS.items() if name != "version" and shown[name]}
    data = {"version": found.number, "state": found.state}
    tables = [Table(ITEMS, rows, "/catalogue/{version}/{code}"), *timeline.of(here, f"item_list/{found.number}")]
    return Detail(say("清单第 {number} 版", number=found.number), facts, tables, data=data)


def _spoken(found: ItemList) -> dict[str, Any]:
    """The state in words, times as times."""
    times = {name: getattr(found, name) for name in ("submitted_at", "approved_at", "published_at")}
    return {"state_name": STATES[found.state], **times}


def _named(found: ItemList | None) -> str:
    return say("第 {number} 版（{state}）", number=found.number, state=STATES[found.state]) if found else "无"


def _reviews(here: Here, current: ItemList | None) -> Table:
    rules = _rules(here)
    rows = [
        {
            "item": item.code, "law": one.law, "amended_on": one.amended_on, "due": basis.due(one, rules),
            "version": current.number if current else 0,
        }
        for item, one in basis.pending(here.session)
    ]  # fmt: skip
    return Table(REVIEWS, rows, "/catalogue/{version}/{item}", title="依据修改后待复核的事项（第五条）")


def _moves(here: Here, under_way: ItemList | None, current: ItemList | None) -> set[str]:
    state = under_way.state if under_way else None
    by_state: Mapping[ListState | None, set[str]] = {
        None: {"import"},
        ListState.DRAFT: {"import", "confirm", "submit"},
        ListState.SUBMITTED: {"approve", "return"},
        ListState.APPROVED: {"publish"},
    }
    unapproved = state is ListState.SUBMITTED and not _rules(here).switch("list.leader_approval")
    return by_state[state] | ({"amend-basis"} if current else set()) | ({"publish"} if unapproved else set())


def _rules(here: Here) -> Rules:
    return here.office.rules(here.today)


def take_in(here: Here, form: Upload) -> dict[str, Any]:
    """A file of items becomes the draft."""
    return taken(form, partial(service.import_items, here.session, actor=here.actor.login))


def confirm(here: Here, form: Confirmed) -> dict[str, Any]:
    """The business office agrees."""
    return {"confirmed": [item.code for item in service.confirm(here.session, form.codes, actor=here.actor.login)]}


def submit(here: Here, _form: BaseModel) -> dict[str, Any]:
    """To the leader."""
    found = service.submit(here.session, actor=here.actor.login, rules=_rules(here), level=here.office.level)
    return views.summary(found)


def approve(here: Here, _form: BaseModel) -> dict[str, Any]:
    """By the leader."""
    return views.summary(service.approve(here.session, actor=here.actor.login, rules=_rules(here)))


def give_back(here: Here, form: Reason) -> dict[str, Any]:
    """To the lead office."""
    return views.summary(service.give_back(here.session, form.reason, actor=here.actor.login))


def publish(here: Here, _form: BaseModel) -> dict[str, Any]:
    """In force and on the public site."""
    found = views.summary(service.publish(here.session, actor=here.actor.login, rules=_rules(here)))
    publish_site(here)
    return found


def amend_basis(here: Here, form: Amended) -> None:
    """Every item resting on it is to be reviewed."""
    basis.mark_amended(here.session, form.law, form.amended_on, actor=here.actor.login)


VIEWS = [
    view("/catalogue", verb="view", load=load_all, title="随机抽查事项清单", menu="事项清单"),
    view("/catalogue/{version:str}", verb="view", load=load_version, title="清单的一版"),
    *item_routes.VIEWS,
]
ACTS = [
    act("/catalogue/import", verb="edit_catalogue", model=Upload, do=take_in, title="导入事项", done="文件已经处理。"),
    act("/catalogue/confirm", verb="confirm_item", model=Confirmed, do=confirm, title="确认事项", done="已经确认。"),
    act("/catalogue/submit", verb="edit_catalogue", do=submit, title="提交委领导批准", done="清单已经提交。"),
    act("/catalogue/approve", verb="approve_catalogue", do=approve, title="批准清单", done="清单已经批准。"),
    act("/catalogue/return", verb="approve_catalogue", model=Reason, do=give_back, title="退回", done="清单已经退回。"),
    act("/catalogue/publish", verb="publish", do=publish, title="公布清单", done="清单已经公布。"),
    act(
        "/catalogue/amend-basis", verb="edit_catalogue", model=Amended, do=amend_basis, title="登记依据修改",
        done="已经登记，有关事项须在期限内复核。",
    ),
    *item_routes.ACTS,
]  # fmt: skip

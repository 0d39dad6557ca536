"""The steps of a draw on pages, from the freeze to the result, and what undoes one (article 8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from fairdraw.log import ABANDON_REASONS
from shuangsui import db
from shuangsui.access import signin
from shuangsui.access.profiles import terms_of
from shuangsui.access.signin import Entrance
from shuangsui.db import now
from shuangsui.disclosure.following import publish_draw, standing
from shuangsui.draws import changing, events, service
from shuangsui.draws.draw_routes import facts
from shuangsui.draws.freezing import ZONE, Order
from shuangsui.draws.office import find
from shuangsui.draws.rehearsing import last_holders
from shuangsui.draws.tables import Draw
from shuangsui.errors import BadInput, NotAllowed, RuleRefused
from shuangsui.inspections import tasks as inspections
from shuangsui.pages import Here, act
from shuangsui.planning import service as planning
from shuangsui.said import say
from shuangsui.web.languages import labels


class Freeze(BaseModel):
    """One round of a line."""

    line: str = Field(title="计划条目", description="年度-条目编号，如 2026-1")
    round: int = Field(1, title="全年第几次", ge=1)
    holders: list[str] = Field(title="其他随机数贡献方的名称")
    event_at: datetime | None = Field(None, title="公开随机事件的时间", description="不填为 30 分钟后")
    reveal_by: datetime | None = Field(None, title="最迟揭示时间", description="不填为事件后 24 小时")
    digits: int = Field(20, title="现场摇号的位数", ge=1, le=256)
    demo: bool = Field(False, title="标明为演示，每页都会显示")


class Commitment(BaseModel):
    """What a holder's own program printed."""

    who: str = Field(title="随机数贡献方", max_length=64)
    commitment: str = Field(title="承诺", max_length=64, description="fairdraw.secret new 输出的 commit")
    sig: str | None = Field(None, title="签名", max_length=88, description="fairdraw.secret new 输出的 sig")


class Event(BaseModel):
    """What fell."""

    digits: str = Field(title="摇出的全部数字", max_length=256, description="连续书写")
    name: str | None = Field(None, title="哪一个事件", max_length=256, description="不填为方案中的下一个")


class Fetched(BaseModel):
    """Which event, if there are several."""

    name: str | None = Field(None, title="哪一个事件", max_length=256, description="不填为方案中的下一个")


class Reveal(BaseModel):
    """What a holder's own program printed."""

    who: str = Field(title="随机数贡献方", max_length=64)
    value: str = Field(title="揭示的数值", max_length=64, description="fairdraw.secret reveal 输出的 value")


class Abandon(BaseModel):
    """Two people of different roles, each present."""

    reason: str = Field(title="理由")
    second: str = Field(title="共同办理的第二人（登录名）", max_length=64)
    password: str = Field(title="第二人的口令", max_length=256, json_schema_extra={"kind": "password"})
    code: str = Field("", title="第二人的动态验证码", max_length=32, description="第二人登记了第二因素时填写")


class Void(BaseModel):
    """Why a result does not stand."""

    reason: str = Field(title="理由", max_length=500, json_schema_extra={"kind": "textarea"})


def freeze(here: Here, form: Freeze) -> dict[str, Any]:
    """Registries as they are now become the pool; the draft goes to the holders."""
    year, line = line_of(form.line)
    event = _moment(form.event_at) or now(here.session) + timedelta(minutes=30)
    by = _moment(form.reveal_by) or event + timedelta(hours=24)
    order = Order(year, line, form.round, tuple(form.holders), event, by, form.digits, form.demo)
    draw = service.freeze(here.session, here.office, order, actor=here.actor.login)
    return {**facts(draw), "no": draw.no, "draft": draw.draft, "trials": draw.trials}


def commit(here: Here, form: Commitment) -> dict[str, Any]:
    """The last one puts the plan into the public log."""
    sig = form.sig.strip() if form.sig and form.sig.strip() else None
    who, value = form.who.strip(), form.commitment.strip()
    draw = service.commit(here.session, here.office, here.path["no"], who, value, sig, actor=here.actor.login)
    return after(here, draw)


def enter_event(here: Here, form: Event) -> dict[str, Any]:
    """By the supervisor."""
    digits, no, actor = "".join(form.digits.split()), here.path["no"], here.actor.login
    return after(here, events.enter_event(here.session, here.office, no, digits, actor=actor, name=form.name or None))


def fetch_event(here: Here, form: Fetched) -> dict[str, Any]:
    """From outside; nothing is locked while the source thinks."""
    no, actor = here.path["no"], here.actor.login
    draw = events.fetch_event(standing(here), here.office, no, actor=actor, name=form.name or None)
    return after(here, draw)


def reveal(here: Here, form: Reveal) -> dict[str, Any]:
    """For the result, or for the replacement that waits."""
    step = changing.reveal_link if _replacing(here) else service.reveal
    who, value = form.who.strip(), form.value.strip()
    return after(here, step(here.session, here.office, here.path["no"], who, value, actor=here.actor.login))


def run(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The result, or that of the replacement that waits."""
    step = changing.finish_replacement if _replacing(here) else service.run
    return after(here, step(here.session, here.office, here.path["no"], actor=here.actor.login))


def abandon(here: Here, form: Abandon) -> dict[str, Any]:
    """The second person stands beside and gives an own password."""
    _present(here, form)
    no, actor = here.path["no"], here.actor.login
    draw = changing.abandon(here.session, here.office, no, form.reason, actor=actor, second=form.second)
    return after(here, draw)


def void(here: Here, form: Void) -> dict[str, Any]:
    """The transcript stays public, counters are released."""
    return after(here, inspections.void(here.session, here.path["no"], form.reason, actor=here.actor.login))


def after(here: Here, draw: Draw) -> dict[str, Any]:
    """Cosign and publish, then say where the draw stands."""
    publish_draw(here, draw.no)
    return facts(draw)


def line_of(text: str) -> tuple[int, int]:
    """``2026-1``; :class:`BadInput` ``plan_line_invalid``."""
    year, _, line = text.strip().partition("-")
    if not (text.isascii() and year.isdigit() and line.isdigit() and len(text) < 10):
        raise BadInput("plan_line_invalid", text=text[:20])
    return int(year), int(line)


def _moment(given: datetime | None) -> datetime | None:
    """Without an offset it is Beijing time."""
    return given.replace(tzinfo=ZONE) if given and given.tzinfo is None else given


def _replacing(here: Here) -> bool:
    return changing.has_open_replacement(here.session, find(here.session, here.path["no"]))


def _present(here: Here, form: Abandon) -> None:
    """Somebody else says yes with a password of their own; nobody is named as a second without knowing."""
    engine, tenant = standing(here), here.office.tenant.slug
    entrance = Entrance(engine, tenant, here.office.keyring, terms_of(here.office.tenant))
    try:
        visitor = signin.resume(engine, signin.sign_in(entrance, form.second, form.password, form.code))
    except NotAllowed as error:
        raise RuleRefused("second_absent", login=form.second) from error
    if visitor is None or visitor.must_change:
        raise RuleRefused("second_absent", login=form.second)
    with db.session(engine, tenant) as session:
        signin.sign_out(session, visitor)


def usual_call(here: Here) -> dict[str, Any]:
    """The holders of the last draw, and the times that are taken when none are given."""
    event = now(here.session) + timedelta(minutes=30)
    holders = last_holders(here.session, here.office)
    return {"holders": holders, "event_at": event, "reveal_by": event + timedelta(hours=24)}


def lines(here: Here) -> dict[str, str]:
    """Lines of published plans that may still be drawn."""
    found = {}
    for year in planning.published_years(here.session):
        plan = planning.published(here.session, year)
        for line in planning.lines(here.session, plan) if plan else ():
            if line.terminated_reason is None:
                item = planning.item_of(here.session, line)
                found[f"{year}-{line.no}"] = say(
                    "{year} 年第 {no} 条 {code} {name}", year=year, no=line.no, code=item.code, name=item.name
                )
    return found


def _act(name: str, verb: Any, do: Callable[..., dict[str, Any]], title: str, done: str, **more: Any) -> Any:
    return act(f"/draws/{{no:str}}/{name}", verb=verb, do=do, title=title, done=done, **more)


ACTS = [
    act(
        "/draws/new/freeze", verb="operate_draw", model=Freeze, do=freeze, title="冻结名录并起草方案",
        done="名录已经冻结：请把方案草案交给各随机数贡献方。", then="/draws/{no}", choices={"line": lines},
        given=usual_call,
    ),
    _act("commit", "operate_draw", commit, "登记承诺", "承诺已经登记。", model=Commitment),
    _act("event", "enter_event", enter_event, "登记公开随机事件", "事件已经登记。", model=Event),
    _act("fetch-event", "enter_event", fetch_event, "获取公开随机事件", "数值已经取得、核验并登记。", model=Fetched),
    _act("reveal", "reveal_secret", reveal, "登记揭示的数值", "数值已经登记。", model=Reveal),
    _act("run", "operate_draw", run, "得出结果", "结果已经产生。"),
    _act(
        "abandon", "abandon_draw", abandon, "作废", "已经作废，记录永久公开。", model=Abandon,
        choices={"reason": {reason: labels()["abandon"][reason] for reason in ABANDON_REASONS}},
    ),
    _act("void", "void_draw", void, "作废已有结果的抽取", "已经作废，档案仍然公开。", model=Void),
]  # fmt: skip

"""公示渠道 at the console: which receivers there are, whether they work, what waits there, and sending it anew."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from shuangsui.disclosure import interventions, receivers, wording
from shuangsui.disclosure.receivers import Receiver
from shuangsui.disclosure.ways import HAND
from shuangsui.errors import NotFound
from shuangsui.pages import Here, Table, act, view
from shuangsui.said import say
from shuangsui.settings import from_environment
from shuangsui.texts import sentence
from shuangsui.web.telling import moment

COLUMNS = {
    "channel": "渠道", "kind_names": "内容", "duty_name": "依规定", "state_name": "状态", "message": "说明",
    "breaker": "送达情况", "last_error": "最近的错误", "waiting": "待送达", "refused": "被退回",
}  # fmt: skip


class Chosen(BaseModel):
    """Which receiver."""

    channel: str = Field(title="渠道", max_length=130)


def load_all(here: Here) -> Table:
    """Every receiver is asked while the page is made."""
    found = receivers.receivers(here.session, here.office.tenant, from_environment())
    broken = sum(not one.ok for one in found)
    notes = (say("共 {n} 个渠道，{broken} 个不能用", n=len(found), broken=broken),)
    acts = {"replay"} if replayable(here) else set()
    return Table(COLUMNS, [_said(one) for one in found], notes=notes, acts=acts)


def replay(here: Here, form: Chosen) -> dict[str, int]:
    """Dead letters and what waits; the worker takes it up, whatever the breaker says."""
    count = interventions.replay_channel(here.session, form.channel, actor=here.actor.login)
    if not count:
        raise NotFound("channel_idle", channel=form.channel)
    return {"count": count}


def replayable(here: Here) -> dict[str, str]:
    """Receivers with something that could be sent anew, and how much."""
    return {
        channel: say("{channel}（{n} 项）", channel=channel, n=sum(counts.values()))
        for channel, counts in receivers.left(here.session).items()
        if not channel.startswith(f"{HAND}/")
    }


def _said(one: Receiver) -> dict[str, Any]:
    facts, until = one.facts(sentence), one.breaker.open_until
    return {
        **facts,
        "state_name": "正常" if one.ok else "不能用",
        "breaker": wording.breaker(one.breaker.failures, moment(until) if until else ""),
    }


VIEWS = [view("/channels", verb="view", load=load_all, title="公示渠道", menu="公示")]
ACTS = [
    act("/channels/replay", verb="publish", model=Chosen, do=replay, title="全部重新送达",
        done="已安排全部重新送达。", choices={"channel": replayable}),
]  # fmt: skip

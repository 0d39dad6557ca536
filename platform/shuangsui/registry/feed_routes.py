"""How fresh the registries are and where they come from, and pulling a feed now (article 6, R6.4)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from shuangsui.disclosure.following import standing
from shuangsui.extension import feeds
from shuangsui.extension.children import Limits
from shuangsui.extension.isolation import Absent, LoadedFeed
from shuangsui.pages import Detail, Here, Table, act, view
from shuangsui.registry import history
from shuangsui.registry.columns import KINDS
from shuangsui.registry.feeds import Pulled, Puller, pull, subject_of
from shuangsui.registry.freshness import freshness
from shuangsui.registry.pulls import Attempt, last_attempt
from shuangsui.registry.shelves import SHELVES
from shuangsui.registry.wording import STATES
from shuangsui.said import named, say
from shuangsui.settings import from_environment
from shuangsui.texts import sentence

PATIENCE = 120
"""Seconds that a page waits for a feed; the command line waits longer."""
FRESH = {
    "title": "名录", "origin": "来源", "as_of": "数据日期", "age": "距今天数", "state_name": "更新情况",
    "at": "最近导入",
}  # fmt: skip
FEEDS = {
    "feed": "名录来源", "title": "名录", "last_day": "最近数据日期", "at": "最近拉取", "actor": "办理人",
    "outcome": "结果",
}  # fmt: skip


class Pull(BaseModel):
    """Which one."""

    feed: str = Field(title="名录来源", max_length=128)


def load(here: Here) -> Detail:
    """Every registry with its age, every feed with its last pull."""
    found = [_feed(here, one) for one in feeds.feeds(here.office.tenant)]
    notes = [terms(here)] if found else [terms(here), "本机关没有启用名录来源插件：名录由文件导入。"]
    tables = [Table(FRESH, [_fresh(here, kind) for kind in SHELVES], "/registries/{kind}", title="名录更新情况")]
    tables += [Table(FEEDS, found, title="名录来源")] if found else []
    return Detail("名录来源", {}, tables, notes, acts={"pull"} if found else set())


def terms(here: Here) -> str:
    """What the rules of today say of the registry of objects."""
    rules = here.office.rules(here.today)
    warn, block = rules.number("registry.feed_warn_days"), rules.number("registry.feed_block_days")
    return say(
        "检查对象名录超过 {warn} 日没有更新时提醒，超过 {block} 日不能据以抽取（第六条）。", warn=warn, block=block
    )


def pull_now(here: Here, form: Pull) -> dict[str, Any]:
    """Nothing is locked while the other authority answers; a failure is kept and told."""
    settings, tenant, rules = from_environment(), here.office.tenant, here.office.rules(here.today)
    chosen = feeds.chosen(tenant, form.feed, settings)
    limits = Limits(seconds=PATIENCE)
    return _pulled(pull(Puller(standing(here), tenant, chosen, rules, settings, here.actor.login, limits)))


def _fresh(here: Here, kind: str) -> dict[str, Any]:
    found = freshness(here.session, kind, here.office.rules(here.today), here.today)
    last = found.last
    return {
        "kind": kind, "title": KINDS[kind].title,
        "origin": (last.feed or say("文件 {source}", source=last.source)) if last else None,
        "as_of": found.as_of, "age": found.age, "state": found.state, "state_name": STATES[found.state],
        "at": last.at if last else None,
    }  # fmt: skip


def _feed(here: Here, feed: LoadedFeed | Absent) -> dict[str, Any]:
    key = feeds.key_of(feed)
    tried = last_attempt(here.session, feed.kind, key, subject_of(key))
    outcome = sentence(feed.error) if isinstance(feed, Absent) else _outcome(tried)
    return {
        "feed": key, "kind": feed.kind, "title": KINDS[feed.kind].title,
        "last_day": history.last_day(here.session, feed.kind, key), "at": tried.at if tried else None,
        "actor": tried.actor if tried else None, "outcome": outcome,
    }  # fmt: skip


def _outcome(tried: Attempt | None) -> str:
    if tried is None:
        return "从未拉取"
    if tried.error:
        return say("没有成功：{sentence}", sentence=sentence(tried.error))
    made = tried.taken
    return (
        say(
            "新增 {added}，变更 {changed}，移出 {removed}", added=made.added, changed=made.changed, removed=made.removed
        )
        if made
        else "没有变化"
    )


def _pulled(done: Pulled) -> dict[str, Any]:
    counts = ("rows", "added", "changed", "removed")
    counted = {name: getattr(done.imported, name) for name in counts} if done.imported else None
    return {"feed": done.feed, "day": done.file.day, "complete": done.file.complete, "imported": counted}


def _choices(here: Here) -> dict[str, str]:
    found = feeds.feeds(here.office.tenant)
    return {feeds.key_of(one): named(feeds.key_of(one), KINDS[one.kind].title) for one in found}


VIEWS = [view("/registries/feeds", verb="view", load=load, title="名录来源", menu="名录库")]
ACTS = [
    act("/registries/feeds/pull", verb="import_registry", model=Pull, do=pull_now, title="立即拉取", done="已经拉取。",
        choices={"feed": _choices}),
]  # fmt: skip

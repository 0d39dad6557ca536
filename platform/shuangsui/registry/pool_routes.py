"""The expert pools on pages: what the next freeze would read of each, and pulling one now (R6.4, R8.1)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from shuangsui.disclosure.following import standing
from shuangsui.extension import pools
from shuangsui.extension.children import Limits
from shuangsui.extension.isolation import Absent, LoadedPool
from shuangsui.pages import Detail, Here, Table, act, view
from shuangsui.registry.pooled import people_of, pooled, state_of
from shuangsui.registry.pools import Pulled, Puller, pull, subject_of
from shuangsui.registry.pulls import Attempt, last_attempt
from shuangsui.registry.shelves import POOL
from shuangsui.registry.wording import STATES
from shuangsui.said import say
from shuangsui.settings import from_environment
from shuangsui.texts import sentence

PATIENCE = 120
"""Seconds that a page waits for a pool; the command line waits longer."""
POOLS = {
    "pool": "专家库", "how": "来源", "last_day": "名单日期", "people": "现有人数", "state_name": "更新情况",
    "at": "最近拉取", "actor": "办理人", "outcome": "结果",
}  # fmt: skip


class Pull(BaseModel):
    """Which one."""

    pool: str = Field(title="专家库", max_length=128)
    sure: bool = Field(False, title="已向提供方核实：名单确实少了一半以上")


def load(here: Here) -> Detail:
    """Every pool in the order in which the tenant has them."""
    found = pools.pools(here.office.tenant)
    rows = [_pool(here, one) for one in found]
    notes = [terms(here)] if rows else ["本机关没有启用专家库插件：计划要求专家的，不能冻结。"]
    acts = {"pull"} if pools.distant(here.office.tenant) else set()
    return Detail("专家库", {}, [Table(POOLS, rows, title="专家库")] if rows else [], notes, acts=acts)


def terms(here: Here) -> str:
    """What the rules of today say of pulled pools."""
    rules = here.office.rules(here.today)
    warn, block = rules.number("registry.pool_warn_days"), rules.number("registry.pool_block_days")
    return say(
        "拉取的专家库超过 {warn} 日没有更新时提醒，超过 {block} 日不能据以抽取专家（第六条）。", warn=warn, block=block
    )


def pull_now(here: Here, form: Pull) -> dict[str, Any]:
    """Nothing is locked while the other side answers; a failure is kept and told."""
    settings, tenant, rules = from_environment(), here.office.tenant, here.office.rules(here.today)
    chosen = pools.chosen(tenant, form.pool, settings)
    limits = Limits(PATIENCE, pools.LIMITS.memory, pools.LIMITS.file)
    by = Puller(standing(here), tenant, chosen, rules, settings, here.actor.login, limits, form.sure)
    return _pulled(pull(by))


def _pool(here: Here, pool: LoadedPool | Absent) -> dict[str, Any]:
    key = pools.key_of(pool)
    if isinstance(pool, Absent):
        return dict.fromkeys(POOLS) | {"pool": key, "outcome": sentence(pool.error)}
    if not pool.network:
        size = len(people_of(here.session, ""))
        return dict.fromkeys(POOLS) | {"pool": key, "how": say("冻结时读取本机关专家名录（在库 {size} 人）", size=size)}
    found, tried = pooled(here.session, key), last_attempt(here.session, POOL, key, subject_of(key))
    state = state_of(found.as_of if found else None, here.office.rules(here.today), here.today)
    return {
        "pool": key, "how": "事先拉取", "last_day": found.day if found else None,
        "people": len(found.people) if found else None, "state": state, "state_name": STATES[state],
        "at": tried.at if tried else None, "actor": tried.actor if tried else None, "outcome": _outcome(tried),
    }  # fmt: skip


def _outcome(tried: Attempt | None) -> str:
    if tried is None:
        return "从未拉取"
    if tried.error:
        return say("没有成功：{sentence}", sentence=sentence(tried.error))
    return (
        say("新增 {added}，变更 {changed}", added=tried.taken.added, changed=tried.taken.changed)
        if tried.taken
        else "没有变化"
    )


def _pulled(done: Pulled) -> dict[str, Any]:
    return {
        "pool": done.pool, "day": done.day, "people": done.people, "digest": done.digest,
        "unchanged": done.imported is None, "left": done.left,
    }  # fmt: skip


def _choices(here: Here) -> dict[str, str]:
    return {pools.key_of(one): pools.key_of(one) for one in pools.distant(here.office.tenant)}


VIEWS = [view("/registries/pools", verb="view", load=load, title="专家库", menu="名录库")]
ACTS = [
    act("/registries/pools/pull", verb="import_registry", model=Pull, do=pull_now, title="立即拉取", done="已经拉取。",
        choices={"pool": _choices}),
]  # fmt: skip

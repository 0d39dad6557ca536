"""Expert pools of plugins; one that talks to a network is asked in a child process, see
:mod:`shuangsui.extension.children`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from shuangsui.contracts import Health
from shuangsui.errors import BadInput, NotFound, OutsideFailed
from shuangsui.experts import PoolAnswer, PoolExpert, PoolRequest, PoolState
from shuangsui.extension import service
from shuangsui.extension.children import Child, Limits, Question
from shuangsui.extension.isolation import Absent, LoadedPool
from shuangsui.extension.points import POOLS
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant

LIMITS = Limits(seconds=300, memory=1 << 30, file=64 << 20)


def pools(tenant: Tenant, settings: Settings | None = None) -> list[LoadedPool | Absent]:
    """The expert pools of the tenant's plugins, in its order; a plugin that fails to answer stands there as failing."""
    return service.offered(POOLS, tenant, settings)


def key_of(pool: LoadedPool | Absent) -> str:
    """``plugin/name``: what a person types, and what stands in plans."""
    return pool.plugin if isinstance(pool, Absent) else f"{pool.plugin}/{pool.name}"


def distant(tenant: Tenant, settings: Settings | None = None) -> list[LoadedPool | Absent]:
    """Those that are pulled: pools with a network, and plugins that fail to say what they have."""
    return [pool for pool in pools(tenant, settings) if isinstance(pool, Absent) or pool.network]


def chosen(tenant: Tenant, key: str | None, settings: Settings | None = None) -> LoadedPool:
    """The distant pool ``key``, or the only one; the failure of its plugin, :class:`NotFound` or :class:`BadInput`."""
    found = {key_of(pool): pool for pool in distant(tenant, settings)}
    known = "、".join(found) or "（无）"
    if key is None and len(found) > 1:
        raise BadInput("pool_unnamed", known=known)
    pool = next(iter(found.values()), None) if key is None else found.get(key) or found.get(key.partition("/")[0])
    if pool is None:
        raise NotFound("pool_missing", pool=key or "", known=known)
    if isinstance(pool, Absent):
        raise pool.error
    return pool


def ask(
    tenant: Tenant, pool: LoadedPool, request: PoolRequest, settings: Settings, limits: Limits | None = None
) -> PoolAnswer:
    """What a distant pool answers; :class:`OutsideFailed` for whatever else happens in the child."""
    last = request.last and {"day": request.last.day.isoformat(), "mark": request.last.mark}
    said, data = _asked(tenant, pool, "experts", {"on": request.on.isoformat(), "last": last}, settings, limits)
    try:
        experts = None if said["none"] else tuple(_expert(one) for one in json.loads(data))
        return PoolAnswer(date.fromisoformat(said["day"]), experts, said["mark"])
    except (ValueError, KeyError, TypeError) as error:
        raise OutsideFailed("plugin_died", plugin=pool.plugin, step="experts", status=0) from error


def check(tenant: Tenant, pool: LoadedPool | Absent, settings: Settings) -> Health:
    """As the pool's own ``check``; in a child if it talks to a network."""
    if isinstance(pool, Absent) or not pool.network:
        return pool.check()
    said, _ = _asked(tenant, pool, "check", {}, settings, None)
    return Health(bool(said.get("ok")), str(said.get("message", "")))


def requested(head: Mapping[str, Any]) -> PoolRequest:
    """The child's side: what is asked. Nobody's own registry goes to a pool with a network."""
    last = head["last"] and PoolState(date.fromisoformat(head["last"]["day"]), head["last"]["mark"])
    return PoolRequest(date.fromisoformat(head["on"]), last=last)


def framed(answer: PoolAnswer) -> tuple[dict[str, Any], bytes]:
    """The child's side: the answer on its way to :func:`ask`."""
    people = [{**asdict(one), "valid_to": one.valid_to and one.valid_to.isoformat()} for one in answer.experts or ()]
    head = {"day": answer.day.isoformat(), "mark": answer.mark, "none": answer.experts is None}
    return head, json.dumps(people, ensure_ascii=False).encode()


def _asked(
    tenant: Tenant, pool: LoadedPool, call: str, head: Mapping[str, Any], settings: Settings, limits: Limits | None
) -> tuple[dict[str, Any], bytes]:
    """A child of its own: pools are asked once a day, and its configuration is never older than the question."""
    within = limits or LIMITS
    child = Child(tenant, pool.plugin, settings, within)
    try:
        question = Question(pool.plugin, call, {"point": "pool", "name": pool.name, **head})
        return child.ask(tenant, question, within)
    finally:
        child.end()


def _expert(one: Mapping[str, Any]) -> PoolExpert:
    valid_to = one["valid_to"] and date.fromisoformat(one["valid_to"])
    return PoolExpert(one["number"], one["name"], one["employer"], tuple(one["fields"]), valid_to)

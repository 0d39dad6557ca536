"""``shuangsui registry pool``: the expert pools of the authority, and pulling those that talk to a network."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import Desk, desk
from shuangsui.db import TenantSession
from shuangsui.errors import OutsideFailed
from shuangsui.extension import pools
from shuangsui.extension.children import Limits
from shuangsui.extension.isolation import Absent, LoadedPool
from shuangsui.registry import history
from shuangsui.registry.pooled import digest_of, pooled, state_of
from shuangsui.registry.pools import Pulled, Puller, pull
from shuangsui.registry.wording import STATES
from shuangsui.rules.policy import Rules
from shuangsui.texts import sentence

app = typer.Typer(help="专家库：抽取专家的来源，由插件提供", no_args_is_help=True)


@app.command("list")
def list_pools(
    tenant: TenantOption,
    check: Annotated[bool, typer.Option("--check", help="同时试一试能否连接")] = False,
    as_json: JsonOption = False,
) -> None:
    """按启用顺序列出本租户的专家库和最近一次拉取。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        today = history.legal(at.now(session))
        rules = at.office.rules(today)
        found = [
            {**_facts(at, pool, check=check), **_kept(session, pool, rules, today)}
            for pool in pools.pools(at.office.tenant, at.settings)
        ]
    emit(found, as_json=as_json, human=_show)


@app.command("pull")
def pull_pool(
    tenant: TenantOption,
    user: UserOption,
    pool: Annotated[
        str | None, typer.Argument(metavar="POOL", help="插件/专家库；只有一个要拉取的库时可以不写", show_default=False)
    ] = None,
    seconds: Annotated[int, typer.Option(min=1, help="最多等待多少秒")] = pools.LIMITS.seconds,
    sure: Annotated[bool, typer.Option("--sure", help="已向提供方核实：名单确实少了一半以上")] = False,
    as_json: JsonOption = False,
) -> None:
    """拉取一个专家库；整份名单都正确才写入，失败的记入台账并提醒。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        rules = at.office.rules(history.legal(at.now(session)))
    chosen = pools.chosen(at.office.tenant, pool, at.settings)
    limits = Limits(seconds, pools.LIMITS.memory, pools.LIMITS.file)
    by = Puller(at.engine, at.office.tenant, chosen, rules, at.settings, user, limits, sure)
    emit(_pulled(pull(by)), as_json=as_json, human=_show_pulled)


def _facts(at: Desk, pool: LoadedPool | Absent, *, check: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {"pool": pools.key_of(pool), "pulled": pool.network, "ok": None, "message": ""}
    try:
        if check or isinstance(pool, Absent):
            health = pools.check(at.office.tenant, pool, at.settings)
            facts |= {"ok": health.ok, "message": health.message}
    except OutsideFailed as error:
        facts |= {"ok": False, "message": sentence(error)}
    return facts


def _kept(session: TenantSession, pool: LoadedPool | Absent, rules: Rules, today: date) -> dict[str, Any]:
    """What the next freeze would read of a pulled pool; nothing of one that is asked within the freeze."""
    found = pooled(session, pools.key_of(pool)) if pool.network else None
    state = state_of(found.as_of if found else None, rules, today) if pool.network else ""
    return {
        "last_day": found.day if found else None, "people": len(found.people) if found else None,
        "digest": digest_of(found.people) if found else None, "state": state, "state_name": STATES[state],
    }  # fmt: skip


def _show(found: list[dict[str, Any]]) -> None:
    rows = [
        [
            one["pool"], (one["last_day"] or "从未") if one["pulled"] else "冻结时读取", one["people"],
            one["state_name"], one["message"],
        ]
        for one in found
    ]  # fmt: skip
    table(f"专家库 {len(rows)} 个", ["专家库", "最近拉取的名单日期", "人数", "更新情况", "状况"], rows)


def _pulled(done: Pulled) -> dict[str, Any]:
    counts = ("rows", "added", "changed")
    counted = {name: getattr(done.imported, name) for name in counts} if done.imported else None
    counted = counted and {**counted, "left": done.left}
    return {"pool": done.pool, "day": done.day, "people": done.people, "digest": done.digest, "imported": counted}


def _show_pulled(done: dict[str, Any]) -> None:
    if done["imported"] is None:
        typer.echo(f"{done['pool']}：自上次以来没有变化（{done['day']}），更新时间不变")
        return
    counts = done["imported"]
    typer.echo(
        f"{done['pool']}：{done['day']} 的名单 {done['people']} 人，新增 {counts['added']}，"
        f"变更 {counts['changed']}，其中离库 {counts['left']}；已写入，摘要 {done['digest'][:16]}"
    )

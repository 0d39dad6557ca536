"""``shuangsui registry feed``: other authorities' registers, and pulling them into ours."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.errors import OutsideFailed
from shuangsui.extension import feeds
from shuangsui.extension.children import Limits
from shuangsui.extension.isolation import Absent, LoadedFeed
from shuangsui.registry import history
from shuangsui.registry.feeds import Pulled, Puller, pull
from shuangsui.texts import sentence

app = typer.Typer(help="名录来源：由插件向其他机关拉取名录", no_args_is_help=True)


@app.command("list")
def list_feeds(
    tenant: TenantOption,
    check: Annotated[bool, typer.Option("--check", help="同时试一试能否连接")] = False,
    as_json: JsonOption = False,
) -> None:
    """列出本租户的名录来源和最近一次拉取。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        found = [
            {**_facts(feed, check=check), "last_day": history.last_day(session, feed.kind, feeds.key_of(feed))}
            for feed in feeds.feeds(at.office.tenant, at.settings)
        ]
    emit(found, as_json=as_json, human=_show)


@app.command("pull")
def pull_feed(
    tenant: TenantOption,
    user: UserOption,
    feed: Annotated[
        str | None, typer.Argument(metavar="FEED", help="插件/来源；只有一个来源时可以不写", show_default=False)
    ] = None,
    seconds: Annotated[int, typer.Option(min=1, help="最多等待多少秒")] = Limits().seconds,
    as_json: JsonOption = False,
) -> None:
    """拉取一个名录来源；整份数据都正确才写入，失败的记入台账并提醒。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        rules = at.office.rules(history.legal(at.now(session)))
    chosen = feeds.chosen(at.office.tenant, feed, at.settings)
    by = Puller(at.engine, at.office.tenant, chosen, rules, at.settings, user, Limits(seconds=seconds))
    emit(_pulled(pull(by)), as_json=as_json, human=_show_pulled)


def _facts(feed: LoadedFeed | Absent, *, check: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {"feed": feeds.key_of(feed), "kind": feed.kind, "ok": None, "message": ""}
    try:
        if check or isinstance(feed, Absent):
            health = feed.check()
            facts |= {"ok": health.ok, "message": health.message}
    except OutsideFailed as error:
        facts |= {"ok": False, "message": sentence(error)}
    return facts


def _show(found: list[dict[str, Any]]) -> None:
    rows = [[one["feed"], one["last_day"] or "从未", one["message"]] for one in found]
    table(f"名录来源 {len(rows)} 个", ["来源", "最近拉取的数据日期", "状况"], rows)


def _pulled(done: Pulled) -> dict[str, Any]:
    counts = ("rows", "added", "changed", "removed")
    counted = {name: getattr(done.imported, name) for name in counts} if done.imported else None
    return {"feed": done.feed, "day": done.file.day, "complete": done.file.complete, "imported": counted}


def _show_pulled(done: dict[str, Any]) -> None:
    if done["imported"] is None:
        typer.echo(f"{done['feed']}：自上次以来没有变化（{done['day']}），名录的更新时间不变")
        return
    counts = done["imported"]
    scope = "全量" if done["complete"] else "增量"
    typer.echo(
        f"{done['feed']}：{done['day']} 的{scope}数据 {counts['rows']} 行，"
        f"新增 {counts['added']}，变更 {counts['changed']}，移出 {counts['removed']}；已写入"
    )

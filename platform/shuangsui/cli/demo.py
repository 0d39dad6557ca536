"""``shuangsui demo``: the main job on invented data, from empty folder to a draw that a stranger has verified."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from shuangsui.cli import rehearsal
from shuangsui.cli.common import notes, settings
from shuangsui.cli.config import checked_tree
from shuangsui.cli.serve import serve
from shuangsui.errors import BadInput


def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="办完即止，不提供网页")] = False,
    var: Annotated[Path | None, typer.Option(help="安装在哪个文件夹，默认 SHUANGSUI_VAR", show_default=False)] = None,
    objects: Annotated[int, typer.Option(min=1000, max=1_000_000, help="检查对象数量")] = 10_000,
    seed: Annotated[int, typer.Option(help="模拟数据的种子")] = 7,
    tenant: Annotated[str | None, typer.Option(help="在哪个租户演示，默认第一个", show_default=False)] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="网页端口")] = 8000,
) -> None:
    """用模拟数据走完一次双随机抽查：导入、清单、计划、抽取、结果、公示、核验。"""
    os.environ["SHUANGSUI_VAR"] = str((var or settings().var).resolve())
    slug = tenant or checked_tree().tenants[0].slug
    summary = settings().var / "demo" / "summary.json"
    password = None
    if not summary.exists():
        _refuse_used(settings().var)
        password = _rehearse(summary, slug, objects, seed)
    sys.stdout.write(summary.read_text("utf-8") + "\n")
    sys.stdout.flush()
    _tell(password, port, json.loads(summary.read_text("utf-8")).get("district"))
    if not no_serve:
        notes.print(f"请打开 http://127.0.0.1:{port}/{slug}/ （按 Ctrl+C 结束）")
        serve(port=port)


def _tell(password: str | None, port: int, district: str | None) -> None:
    """How to sign in; a password that was shown before is known to nobody but who read it."""
    said = "演示用户的口令在第一次演示时显示过；忘记了请用 shuangsui user password 重置。"
    if password:
        said = f"演示用户 {'、'.join(rehearsal.LOGINS)} 的口令都是 {password} ，只显示这一次。"
    notes.print(said, highlight=False, soft_wrap=True)
    notes.print(f"工作台在 http://127.0.0.1:{port}/console/", highlight=False)
    if district:
        door = f"http://127.0.0.1:{port}/console/login?tenant={district}"
        notes.print(f"想从头亲手办一次抽查，请用 lead 登录空白的区县：{door}", highlight=False, soft_wrap=True)


def _rehearse(summary: Path, tenant: str, objects: int, seed: int) -> str:
    """Every step with its time on stderr; the summary is written last, so that an interrupted run is no demo.

    Answers the password of the invented users, which is kept nowhere.
    """
    start = perf_counter()
    answer: dict[str, Any] = {"tenant": tenant}
    for name, step in rehearsal.steps(tenant, objects, seed):
        before = perf_counter()
        answer |= step()
        notes.print(f"{name}：{perf_counter() - before:.1f} 秒", highlight=False)
    answer["seconds"] = round(perf_counter() - start, 1)
    summary.parent.mkdir(parents=True, exist_ok=True)
    summary.write_text(json.dumps(_ordered(answer), ensure_ascii=False), "utf-8")
    return str(answer["password"])


def _ordered(answer: dict[str, Any]) -> dict[str, Any]:
    members: Sequence[str] = (
        "tenant", "draw", "transcript", "trust", "objects", "selected", "teams", "verified", "district", "seconds",
    )  # fmt: skip
    return {member: answer[member] for member in members if member in answer}


def _refuse_used(var: Path) -> None:
    """Invented data never go into an installation that somebody works with."""
    if (var / "shuangsui.db").exists():
        raise BadInput("demo_not_empty", var=var)

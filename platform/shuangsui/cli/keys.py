"""``shuangsui keys``: under which keys an authority's telephones are sealed, a new key, and moving everything to it."""

from __future__ import annotations

from typing import Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.migrations import metadata
from shuangsui.texts import sentence
from shuangsui.vault import resealing, watch
from shuangsui.vault.policy import OWN
from shuangsui.vault.service import Vault

app = typer.Typer(help="密封的电话等个人信息：密钥库、更换密钥、改用新密钥密封", no_args_is_help=True)


@app.command("state")
def state(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """每把密钥密封了多少项，现在用哪一把，各把密钥现在能不能用。"""
    at = desk(tenant)
    vault = at.office.vault
    with at.session(readonly=True) as session:
        found = resealing.counts(session, metadata())
    keys = [_fact(vault, one.key, one.count, one.problem) for one in watch.examined(vault, found)]
    emit({"keys": keys}, as_json=as_json, human=_show)


@app.command("rotate")
def rotate(tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """在密钥库里换一把新密钥，从此用它密封；已密封的由后台改用新密钥，旧密钥须留到 state 显示为 0 项。"""
    at = desk(tenant)
    store = resealing.renewable(at.office.vault)
    with at.session() as session:
        key = resealing.rotate(session, store, actor=user)
    found = {"store": store.place, "key": key}
    emit(found, as_json=as_json, human=lambda one: typer.echo(f"密钥库 {one['store']} 现在用 {one['key']}。"))


@app.command("reseal")
def reseal(tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """现在就把没有用现在的密钥密封的全部改过来；中断了再执行一次即可。"""
    at = desk(tenant)
    moved = resealing.reseal_by(at.session, at.office.vault, metadata(), actor=user)
    found = {"moved": moved.count, "stuck": [sentence(one) for one in moved.stuck]}
    emit(found, as_json=as_json, human=lambda one: typer.echo(f"已改 {one['moved']} 项。"))
    _complain(moved.stuck)


def _complain(stuck: list[ShuangsuiError]) -> None:
    if stuck:
        raise OutsideFailed("sealed_stuck", permanent=True, count=len(stuck), problem=sentence(stuck[0]))


def _fact(vault: Vault, key: Any, count: int, problem: ShuangsuiError | None) -> dict[str, Any]:
    return {
        "store": key.store if key else None, "key": key.key if key else None, "count": count,
        "current": key is not None and problem is None and key == vault.current(),
        "problem": sentence(problem) if problem else "",
    }  # fmt: skip


def _show(found: dict[str, Any]) -> None:
    rows = [
        [
            _named(one),
            one["key"] or "",
            one["count"],
            "是" if one["current"] else "",
            one["problem"] or "可以使用",
        ]
        for one in found["keys"]
    ]
    table("密封所用的密钥", ["密钥库", "密钥", "项数", "现在用", "情况"], rows)


def _named(one: dict[str, Any]) -> str:
    if one["store"] is None:
        return "（明文，还没有密封）" if one["count"] else "（新的数据用的密钥）"
    return "本安装的主密钥" if one["store"] == OWN else str(one["store"])

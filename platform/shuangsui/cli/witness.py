"""``shuangsui witness``: cosignatures between installations, by C2SP tlog-witness."""

from __future__ import annotations

import base64
import sys
from typing import Annotated

import typer
from sqlmodel import select

from shuangsui.access.service import require
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit
from shuangsui.cli.desk import desk
from shuangsui.errors import BadInput
from shuangsui.ledger import consistency, service, witness
from shuangsui.ledger.keys import verifier_key
from shuangsui.ledger.tables import KeyRole, SigningKey
from shuangsui.ledger.witness import witness_name

app = typer.Typer(help="见证：与别的平台互相会签抽取日志的检查点", no_args_is_help=True)

VkeyArgument = Annotated[str, typer.Argument(help="公钥（vkey）：名称+编号+公钥", show_default=False)]
OldOption = Annotated[int, typer.Option("--old", min=0, help="见证方上次会签时的条数，第一次为 0")]


@app.command()
def key(tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """显示本机关作为见证方的公钥，第一次使用时生成；交给被见证的一方。"""
    at = desk(tenant)
    with at.session() as session:
        require(session, user, "manage_settings")
        name = witness_name(at.office.tenant)
        service.signer(session, at.office.keyring, KeyRole.WITNESS, name, actor=user)
        query = select(SigningKey).where(SigningKey.role == KeyRole.WITNESS, SigningKey.name == name)
        found = verifier_key(session.exec(query).one())
    emit({"vkey": found}, as_json=as_json, human=lambda said: typer.echo(said["vkey"]))


@app.command()
def watch(vkey: VkeyArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """登记要见证的日志；以后它把检查点提交到 /witness/租户/add-checkpoint，核对无误即会签。"""
    with desk(tenant).session() as session:
        require(session, user, "manage_settings")
        head = witness.watch(session, vkey, actor=user)
        said = {"origin": head.origin, "size": head.size}
    emit(
        said, as_json=as_json, human=lambda found: typer.echo(f"已登记 {found['origin']}，已会签到 {found['size']} 条")
    )


@app.command()
def request(tenant: TenantOption, user: UserOption, old: OldOption = 0) -> None:
    """写出提交给见证方的内容：最新的检查点和从上次会签条数起的一致性证明。"""
    at = desk(tenant)
    with at.session() as session:
        require(session, user, "operate_draw")
        made = service.make_checkpoint(session, at.office.log_signer(session, actor=user), actor=user)
        lines = service.draw_log(session)[: made.size]
        text = made.text
    if old > len(lines):
        raise BadInput("witness_ahead", old=old, size=len(lines))
    proof = consistency.proof(lines, old) if old else []
    sys.stdout.write("\n".join([f"old {old}", *(base64.b64encode(one).decode() for one in proof), "", text]))


@app.command()
def add(vkey: VkeyArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """从标准输入读见证方的会签，核对后加到最新的检查点上。"""
    line = sys.stdin.read()
    at = desk(tenant)
    with at.session() as session:
        require(session, user, "operate_draw")
        made = service.make_checkpoint(session, at.office.log_signer(session, actor=user), actor=user)
        made = service.add_cosignature(session, made.size, line, witness=vkey, actor=user)
        said = {"size": made.size}
    emit(said, as_json=as_json, human=lambda found: typer.echo(f"会签已加到 {found['size']} 条的检查点上"))

"""``shuangsui tenant``: the authorities of this installation and what is configured for each."""

from __future__ import annotations

from dataclasses import asdict
from getpass import getuser
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine, make_url

from shuangsui import db
from shuangsui.archive import dumping, purging, restoring
from shuangsui.archive.policy import Manifest
from shuangsui.cli import carrying, founding, tenure
from shuangsui.cli.common import JsonOption, TenantOption, emit, settings, table
from shuangsui.cli.config import checked_tree, today
from shuangsui.cli.desk import database
from shuangsui.extension.service import rule_packs
from shuangsui.ledger import tenure as ledger_tenure
from shuangsui.ledger.keys import Keyring
from shuangsui.rules import service
from shuangsui.rules.packs import RANKS
from shuangsui.rules.policy import shown
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import TIMEZONE, Tenant
from shuangsui.tenancy.tenure import TENURES, Tenure

app = typer.Typer(help="租户：市级和各区县机关", no_args_is_help=True)

ACCOUNT = f"os:{getuser()}"
FileArgument = Annotated[Path, typer.Argument(help="备份文件，例如 moushi.zip", show_default=False)]
MovedOption = Annotated[str, typer.Option("--moved-to", help="数据已恢复到哪里，机关仍在；写明地点和文号")]
app.command("new")(founding.new_tenant)
app.command("checklist")(founding.checklist)
for _name, _command in tenure.COMMANDS.items():
    app.command(_name)(_command)
app.command("export")(carrying.export_tenant)
app.command("import")(carrying.import_tenant)

KINDS = {"municipal": "市级", "district": "区县"}


@app.command("list")
def list_tenants(as_json: JsonOption = False) -> None:
    """列出全部租户和各自的状态。"""
    environment, tree = settings(), checked_tree()
    engine = database(environment) if _is_there(environment) else None
    found = [_facts(tenant) | {"state": _standing(engine, tenant.slug)} for tenant in tree]
    emit(found, as_json=as_json, human=_show_list)


def _is_there(environment: Settings) -> bool:
    """An embedded database is not made only to be asked."""
    url = make_url(environment.database)
    return not url.drivername.startswith("sqlite") or Path(url.database or "").is_file()


def _standing(engine: Engine | None, slug: str) -> str:
    if engine is None:
        return Tenure.ACTIVE.value
    with db.session(engine, slug, readonly=True) as session:
        return ledger_tenure.standing(session).value


@app.command()
def show(
    slug: Annotated[str | None, typer.Argument(help="租户代码，也可以用 --tenant", show_default=False)] = None,
    tenant: Annotated[str | None, typer.Option("--tenant", help="租户代码", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """显示一个租户的全部设置，每项带文件和行号。"""
    if not (wanted := slug or tenant):
        raise typer.BadParameter("请写明租户代码，例如 shuangsui tenant show 代码。")
    tree = checked_tree()
    adopted = [*service.adopted(tree, wanted), *rule_packs(tree.get(wanted))]
    packs = [pack.header.id for pack in sorted(adopted, key=lambda pack: RANKS[pack.header.rank])]
    emit({**_details(tree.get(wanted)), "packs": packs}, as_json=as_json, human=_show)


@app.command()
def dump(file: FileArgument, tenant: TenantOption, as_json: JsonOption = False) -> None:
    """把一个租户的全部数据写进一个文件：台账、日志、名录、抽取、检查、公示和证据。文件里有个人信息，请妥善保管。"""
    environment = settings()
    checked_tree().get(tenant)
    made = dumping.dump(database(environment), environment, tenant, file, actor=ACCOUNT)
    emit(_archived(made), as_json=as_json, human=_show_archived)


@app.command()
def restore(file: FileArgument, as_json: JsonOption = False) -> None:
    """把 dump 写出的文件恢复到本环境；先核对文件，恢复后核验台账和日志，不符就什么也不留下。"""
    environment = settings()
    tree = checked_tree()
    tree.get(restoring.opened(file)[1].tenant)
    engine, keyring = database(environment), Keyring(environment.master_key)
    made = restoring.restore(engine, environment, file, keyring, tree, actor=ACCOUNT)
    emit(_archived(made), as_json=as_json, human=_show_archived)


@app.command()
def purge(file: FileArgument, tenant: TenantOption, moved_to: MovedOption = "", as_json: JsonOption = False) -> None:
    """删除一个租户的全部数据和证据：须有刚写出的备份文件，机关已撤并、没有在办事项、保管期已满；或者数据已迁到别处。

    已经公示的网页、其他机关据以计次的检查记录和承接机关的名录保留。
    """
    environment, found = settings(), checked_tree().get(tenant)
    counts = purging.purge(database(environment), environment, found, file, actor=ACCOUNT, moved=moved_to)
    emit(counts, as_json=as_json, human=lambda found: typer.echo(f"已删除 {sum(found.values())} 行"))


def _archived(made: Manifest) -> dict[str, Any]:
    return {
        "tenant": made.tenant,
        "made_at": made.made_at,
        "heads": asdict(made.heads),
        "rows": made.rows,
        "sealed": made.sealed,
    }


def _show_archived(found: dict[str, Any]) -> None:
    heads = found["heads"]
    rows = sum(found["rows"].values())
    typer.echo(f"租户 {found['tenant']}，{rows} 行，台账 {heads['ledger']} 条，抽取日志 {heads['drawlog']} 条")


def _facts(tenant: Tenant) -> dict[str, Any]:
    area = tenant.area_on(today().year)
    return {
        "slug": tenant.slug,
        "name": tenant.name,
        "short": tenant.short,
        "kind": tenant.kind,
        "parent": tenant.parent,
        "area": area.code if area else None,
    }


def _details(tenant: Tenant) -> dict[str, Any]:
    settings = [
        {
            "key": key,
            "value": setting.value,
            "file": setting.file,
            "line": setting.line,
            "inherited": key not in tenant.own,
        }
        for key, setting in sorted(tenant.settings.items())
    ]
    return {
        **_facts(tenant),
        "areas": [area.model_dump() for area in tenant.areas],
        "plugins": tenant.plugins,
        "witnesses": tenant.witnesses,
        "outside_witnesses": [one.model_dump() for one in tenant.outside_witnesses],
        "log_origin": tenant.log_origin,
        "portal_title": tenant.portal_title,
        "timezone": TIMEZONE,
        "rules_of_its_own": len(tenant.rules),
        "settings": settings,
    }


def _show_list(found: list[dict[str, Any]]) -> None:
    rows = [[one["slug"], one["area"], KINDS[one["kind"]], one["name"], TENURES[Tenure(one["state"])]] for one in found]
    table(f"租户 {len(found)} 个", ["代码", "区划代码", "级别", "机关", "状态"], rows)


def _show(found: dict[str, Any]) -> None:
    areas = "、".join(_area(area) for area in found["areas"])
    for label, words in (
        ("机关", f"{found['name']}（{found['short']}）"),
        ("级别", KINDS[found["kind"]] + (f"，上级 {found['parent']}" if found["parent"] else "")),
        ("区划", areas or "没有国标区划代码"),
        ("规则包", "、".join(found["packs"])),
        ("插件", shown(found["plugins"]) or "未启用"),
        ("见证", shown(found["witnesses"]) or "没有见证"),
        ("外部见证", "、".join(one["address"] for one in found["outside_witnesses"]) or "没有"),
        ("日志", found["log_origin"]),
        ("网站", found["portal_title"]),
        ("时区", found["timezone"]),
        ("自有规则", f"{found['rules_of_its_own']} 条"),
    ):
        typer.echo(f"{label}  {words}")
    rows = [
        [one["key"], shown(one["value"]), "继承" if one["inherited"] else "自定", f"{one['file']}:{one['line']}"]
        for one in found["settings"]
    ]
    table("设置", ["键", "值", "来源", "位置"], rows)


def _area(area: dict[str, Any]) -> str:
    return f"{area['code']} {area['name']}（{area['valid_from']}—{area['valid_to'] or ''}）"

"""``shuangsui …``: every use case from the command line."""

from __future__ import annotations

import sys

import typer
from sqlalchemy.exc import ArgumentError

from fairdraw.failures import Failure
from shuangsui.cli import (
    calendar,
    catalogue,
    config,
    disclosure,
    dispatch,
    document,
    draw,
    eligibility,
    evidence,
    exemption,
    feedback,
    finding,
    form,
    job,
    keys,
    ledger,
    notification,
    plan,
    plugin,
    recusal,
    registry,
    submission,
    task,
    tenant,
    user,
    visit,
    witness,
)
from shuangsui.cli.backup import backup, restore
from shuangsui.cli.common import fail
from shuangsui.cli.demo import demo
from shuangsui.cli.doctor import doctor
from shuangsui.cli.journey import journey
from shuangsui.cli.migrate import migrate
from shuangsui.cli.mock_sink import mock_sink
from shuangsui.cli.sample import sample
from shuangsui.cli.serve import serve
from shuangsui.cli.verify import verify
from shuangsui.cli.watch import watch
from shuangsui.cli.worker import worker
from shuangsui.errors import Misconfigured, OutsideFailed, RuleRefused, ShuangsuiError

app = typer.Typer(
    name="shuangsui",
    help="双随机、一公开监管平台",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for command in (demo, journey, sample, serve, migrate, verify, watch, worker, mock_sink, doctor, backup, restore):
    app.command()(command)
for group in (
    tenant,
    config,
    registry,
    calendar,
    catalogue,
    form,
    plan,
    draw,
    dispatch,
    document,
    eligibility,
    recusal,
    task,
    visit,
    submission,
    exemption,
    evidence,
    feedback,
    finding,
    disclosure,
    job,
    keys,
    ledger,
    notification,
    plugin,
    user,
    witness,
):
    app.add_typer(group.app, name=group.__name__.rpartition(".")[2])


def main() -> None:
    """Entry point: an error of ours becomes one Chinese sentence and its exit status."""
    try:
        app()
    except ShuangsuiError as error:
        sys.exit(fail(error))
    except Failure as failure:
        sys.exit(fail(RuleRefused("kernel_refuses", failure=failure.code, detail=failure.detail)))
    except OSError as error:
        sys.exit(fail(OutsideFailed("system_refuses", detail=error)))
    except ArgumentError:
        sys.exit(fail(Misconfigured("database_url_invalid")))

"""Exporter to the national publicity system of enterprise credit 国家企业信用信息公示系统: its double-random block.

It takes a draw as the plan and task of 抽查任务, and each object's result with one line for every category.
"""

from __future__ import annotations

from shuangsui import Context, Exporter, hookimpl
from shuangsui_exporter_gsxt.exporter import TITLE, Gsxt, codes_of
from shuangsui_exporter_gsxt.options import Options
from shuangsui_exporter_kit import Endpoint

__all__ = ["Options", "api", "register_exporters"]

api = 1


@hookimpl
def register_exporters(context: Context[Options]) -> list[Exporter]:
    """The one system of the country."""
    options = context.options
    return [Gsxt(Endpoint.of("gsxt", TITLE, options), codes_of(options.codes), options.coded)]

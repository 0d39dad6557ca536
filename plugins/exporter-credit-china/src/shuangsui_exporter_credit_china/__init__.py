"""Exporter to the national credit portal 信用中国: 双公示 of decisions, and results through the province's own table.

A decision becomes a row of 行政处罚 (CF_) or 行政许可 (XK_); a result only ever a row of the table that the province
describes, whose columns are data.
"""

from __future__ import annotations

from shuangsui import Context, Exporter, hookimpl
from shuangsui_exporter_credit_china.exporter import TITLE, CreditChina
from shuangsui_exporter_credit_china.options import Options
from shuangsui_exporter_credit_china.province import load
from shuangsui_exporter_kit import Endpoint

__all__ = ["Options", "api", "register_exporters"]

api = 1


@hookimpl
def register_exporters(context: Context[Options]) -> list[Exporter]:
    """The one portal."""
    options = context.options
    table = load(options.province_table) if options.results else None
    return [CreditChina(Endpoint.of("credit-china", TITLE, options), options.form, table)]

"""Exporter to the national supervision system 国家“互联网+监管”系统: each result as a row of 行政检查行为.

Dictionaries and the columns' rules are data; the values of the national dictionaries are not public, so a file of the
own region may take the place of the shipped one.
"""

from __future__ import annotations

from shuangsui import Context, Exporter, hookimpl
from shuangsui_exporter_kit import Endpoint
from shuangsui_exporter_supervision.dictionaries import load
from shuangsui_exporter_supervision.exporter import TITLE, Supervision
from shuangsui_exporter_supervision.options import Options

__all__ = ["Options", "api", "register_exporters"]

api = 1


@hookimpl
def register_exporters(context: Context[Options]) -> list[Exporter]:
    """The one system."""
    options = context.options
    endpoint = Endpoint.of("supervision", TITLE, options)
    return [Supervision(endpoint, options.department, options.listed(), load(options.dictionaries))]

"""Directed notices 定向通报 by e-mail: what the law keeps from the public, for the bodies named and nobody else."""

from __future__ import annotations

from shuangsui import Context, Exporter, hookimpl
from shuangsui_channel_email.exporter import Email
from shuangsui_channel_email.options import Options

__all__ = ["Options", "api", "register_exporters"]

api = 1


@hookimpl
def register_exporters(context: Context[Options]) -> list[Exporter]:
    """The authority's one mail server."""
    return [Email(context.options)]

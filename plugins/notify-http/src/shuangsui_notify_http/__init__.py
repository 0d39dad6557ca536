"""Notifications 通知 through an HTTP gateway of any make: 企业微信, 短信, or an authority's own.

The request is a template of the options, and so is what counts as taken over; see ``plugins/README.md`` for the
templates of 企业微信 and of a gateway for text messages.
"""

from __future__ import annotations

from shuangsui import Callback, Context, Notifier, hookimpl
from shuangsui_notify_http.notifier import Gateway
from shuangsui_notify_http.options import Options
from shuangsui_notify_http.reports import Reports

__all__ = ["Options", "api", "register_callbacks", "register_notifiers"]

api = 1


@hookimpl
def register_notifiers(context: Context[Options]) -> list[Notifier]:
    """The one gateway."""
    return [Gateway(context.options)]


@hookimpl
def register_callbacks(context: Context[Options]) -> list[Callback]:
    """Where the gateway reports, if it has a token for that."""
    return [Reports(context.options)] if context.options.report_token_env else []

"""Notifications 通知 through an HTTP gateway of any make: 企业微信, 短信, or an authority's own.

The request is a template of the options, and so is what counts as taken over; see ``plugins/README.md`` for the
templates of 企业微信 and of a gateway for text messages.
"""

from __future__ import annotations

from shuangsui import Context, Notifier, hookimpl
from shuangsui_notify_http.notifier import Gateway
from shuangsui_notify_http.options import Options

__all__ = ["Options", "api", "register_notifiers"]

api = 1


@hookimpl
def register_notifiers(context: Context[Options]) -> list[Notifier]:
    """The one gateway."""
    return [Gateway(context.options)]

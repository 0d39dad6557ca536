"""Notifications 通知 by e-mail, through the authority's own mail server."""

from __future__ import annotations

from shuangsui import Context, Notifier, hookimpl
from shuangsui_notify_email.notifier import Mail
from shuangsui_notify_email.options import Options

__all__ = ["Options", "api", "register_notifiers"]

api = 1


@hookimpl
def register_notifiers(context: Context[Options]) -> list[Notifier]:
    """The one mail server."""
    return [Mail(context.options)]

"""A second gateway beside the first, with options of its own, ``[options.notify-http-2]``."""

from __future__ import annotations

from shuangsui_notify_http import Options, api, register_callbacks, register_notifiers

__all__ = ["Options", "api", "register_callbacks", "register_notifiers"]

"""Webhook 公示推送: whatever is disclosed, pushed to receivers of the authority's choice and signed.

The signature is that of Standard Webhooks. A receiver that signs its answer in the same way confirms what it took.
"""

from __future__ import annotations

from shuangsui import Context, Exporter, hookimpl
from shuangsui_channel_webhook.exporter import Webhook
from shuangsui_channel_webhook.options import Options

__all__ = ["Options", "api", "register_exporters"]

api = 1


@hookimpl
def register_exporters(context: Context[Options]) -> list[Exporter]:
    """One for each receiver."""
    options = context.options
    return [Webhook.of(name, address, options) for name, address in options.named()]

"""Registry feed 名录来源: the business registrar's list of enterprises 登记机关名单, over HTTP in pages.

The interface of the real registrar is not public; this one is written against ``shuangsui mock-sink``.
"""

from __future__ import annotations

from shuangsui import Context, RegistryFeed, hookimpl
from shuangsui_feed_registrar.options import Options
from shuangsui_feed_registrar.registrar import Registrar

__all__ = ["Options", "api", "register_registry_feeds"]

api = 1


@hookimpl
def register_registry_feeds(context: Context[Options]) -> list[RegistryFeed]:
    """The one registrar."""
    return [Registrar(context.options)]

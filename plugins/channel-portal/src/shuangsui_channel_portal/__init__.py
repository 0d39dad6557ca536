"""Disclosure channel 公示网站: every publication as files of the static public tree, read back from the disk.

The platform serves this tree; so can any other web server, since it is nothing but files.
"""

from __future__ import annotations

from shuangsui import Context, DisclosureChannel, hookimpl
from shuangsui_channel_portal.channel import Portal
from shuangsui_channel_portal.options import Options

__all__ = ["Options", "api", "register_disclosure_channels"]

api = 1


@hookimpl
def register_disclosure_channels(context: Context[Options]) -> list[DisclosureChannel]:
    """The one portal of the tenant."""
    return [Portal(context.public, context.options.address.rstrip("/"))]

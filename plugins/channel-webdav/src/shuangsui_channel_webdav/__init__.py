"""Disclosure channel 政府网站: every publication as files in a folder that the authority's website platform serves.

Many authorities may publish on the one platform of their government's websites only, which takes files by WebDAV.
"""

from __future__ import annotations

from shuangsui import Context, DisclosureChannel, hookimpl
from shuangsui_channel_webdav.channel import Website
from shuangsui_channel_webdav.options import Options

__all__ = ["Options", "api", "register_disclosure_channels"]

api = 1


@hookimpl
def register_disclosure_channels(context: Context[Options]) -> list[DisclosureChannel]:
    """The one website of the tenant."""
    return [Website(context.options)]

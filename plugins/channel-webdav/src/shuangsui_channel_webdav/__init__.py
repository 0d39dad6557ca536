"""Disclosure channel 政府网站: every publication as files in a folder that the authority's website platform serves.

Many authorities may publish on the one platform of their government's websites only, which takes files by WebDAV. How
bundles are laid there, read back and kept on this machine's disk as well is ``channel-portal``'s.
"""

from __future__ import annotations

from shuangsui import Context, DisclosureChannel, hookimpl
from shuangsui_channel_portal.channel import Portal
from shuangsui_channel_portal.kept import Kept
from shuangsui_channel_portal.tree import Folder
from shuangsui_channel_webdav.options import Options
from shuangsui_channel_webdav.website import Website

__all__ = ["Options", "api", "register_disclosure_channels"]

api = 1


@hookimpl
def register_disclosure_channels(context: Context[Options]) -> list[DisclosureChannel]:
    """The one website of the tenant."""
    options = context.options
    place = Kept(Website(options), copy=Folder(context.public))
    return [Portal(place, (options.address or options.place).rstrip("/"), network=True, name="website")]

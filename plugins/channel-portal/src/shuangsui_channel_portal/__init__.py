"""Disclosure channel 公示网站: every publication as files of a static public tree, read back from where it is.

On this machine's disk the platform serves the tree, and so can any other web server, since it is nothing but files; in
an S3-compatible object store whatever stands before that store serves it, and the disk keeps a copy for the platform.
"""

from __future__ import annotations

from shuangsui import Context, DisclosureChannel, hookimpl
from shuangsui_channel_portal.bucket import Bucket
from shuangsui_channel_portal.channel import Portal
from shuangsui_channel_portal.kept import Kept
from shuangsui_channel_portal.options import Options
from shuangsui_channel_portal.tree import Folder

__all__ = ["Options", "api", "register_disclosure_channels"]

api = 1


@hookimpl
def register_disclosure_channels(context: Context[Options]) -> list[DisclosureChannel]:
    """The one portal of the tenant."""
    options, folder = context.options, Folder(context.public)
    if options.store:
        place = Kept(Bucket.of(options), copy=folder)
        return [Portal(place, (options.address or options.store).rstrip("/"), network=True)]
    return [Portal(folder, options.address.rstrip("/"))]

"""The public tree on a website: written where the platform takes files, read back where people find them."""

from __future__ import annotations

from dataclasses import dataclass

from shuangsui import Bundle, OutsideFailed, PublicFile
from shuangsui_channel_portal import bundles
from shuangsui_channel_webdav.options import Options
from shuangsui_channel_webdav.site import opened

RECORDS = "_bundles"
"""Many servers neither take nor show what begins with a dot."""
PROBE = f"{RECORDS}/probe.txt"


@dataclass(frozen=True, slots=True)
class Website:
    """A place of :mod:`shuangsui_channel_portal.bundles`, with one connection for all the files of a bundle."""

    options: Options

    @property
    def title(self) -> str:
        """With its address."""
        return f"网站目录 {self.options.place}"

    def lay(self, bundle: Bundle) -> None:
        """Write the bundle's files."""
        with opened(self.options) as site:
            bundles.lay(site, bundle, RECORDS)

    def held(self, bundle: Bundle) -> tuple[PublicFile, ...]:
        """What people get."""
        with opened(self.options) as site:
            return bundles.held(site.look, bundle)

    def probe(self) -> None:
        """Write, read and remove a file that nobody links to."""
        with opened(self.options) as site:
            site.write(PROBE, b"ok", "text/plain")
            same = site.look(PROBE) == b"ok"
            site.remove(PROBE)
        if not same:
            problem = "写入的文件在公众的网址上读不到，请核对两个网址是不是同一个目录"
            raise OutsideFailed("webdav_elsewhere", problem=problem)

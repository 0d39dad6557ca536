"""The channel: bundles in, files out, and what the disk holds back again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from shuangsui import Bundle, Health, OutsideFailed, PublicFile, Receipt
from shuangsui_channel_portal import tree


@dataclass(frozen=True, slots=True)
class Portal:
    """Writes below ``root``; ``address`` is where people find that folder, empty if nobody said."""

    root: Path
    address: str
    name: str = "portal"

    def publish(self, bundle: Bundle) -> Receipt:
        """Write the bundle's files; not confirmed before :meth:`read_back`."""
        try:
            tree.write(self.root, bundle)
        except OSError as error:
            raise _failed("写入", error) from error
        return self._receipt(bundle, bundle.digest, confirmed=False)

    def read_back(self, bundle: Bundle) -> Receipt:
        """Read what the disk holds under the bundle's paths; confirmed if that is the bundle, byte for byte."""
        try:
            held = [(file, tree.read(self.root, bundle.tenant, file.path)) for file in bundle.files]
        except OSError as error:
            raise _failed("读取", error) from error
        files = tuple(replace(file, data=data) for file, data in held if data is not None)
        digest = replace(bundle, files=files).digest if files else ""
        return self._receipt(bundle, digest, confirmed=digest == bundle.digest)

    def check(self) -> Health:
        """Write, read and remove a probe file."""
        try:
            tree.probe(self.root)
        except OSError as error:
            return Health(ok=False, message=_failed("写入", error).params["problem"])
        return Health(ok=True, message=f"公示网站的文件夹 {self.root} 可以写入。")

    def _receipt(self, bundle: Bundle, digest: str, *, confirmed: bool) -> Receipt:
        """With the address of the bundle's page: its shortest index, else its first file."""
        index = min(bundle.files, key=_rank).path.removesuffix("index.html")
        path = "/".join(part for part in (bundle.tenant, index) if part is not None)
        return Receipt(self.name, f"{self.address}/{quote(path)}", digest, confirmed)


def _rank(file: PublicFile) -> tuple[bool, int, str]:
    return not tree.is_index(file.path), file.path.count("/"), file.path


def _failed(what: str, error: OSError) -> OutsideFailed:
    place = error.filename or "公示网站的文件夹"
    return OutsideFailed(
        "portal_unusable", problem=f"{what} {place} 失败（{error.strerror or error}），请检查磁盘和权限"
    )

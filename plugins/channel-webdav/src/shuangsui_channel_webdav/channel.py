"""The channel: a bundle becomes files of the website; what stands there afterwards is read as the public reads it.

Files come first and index pages last, so that no page links to what is not there. Which files a bundle had is kept in a
record beside them, written before anything changes: a publication that was interrupted is repaired by running it again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from urllib.parse import quote

from shuangsui import Bundle, Health, OutsideFailed, PublicFile, Receipt
from shuangsui_channel_webdav.options import Options
from shuangsui_channel_webdav.site import Site, opened

RECORDS = "_bundles"
PROBE = "_bundles/probe.txt"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Website:
    """Publishes in the folder that the options name."""

    options: Options
    name: str = "website"
    network: bool = True

    def publish(self, bundle: Bundle) -> Receipt:
        """Write what is not there yet and remove what is gone; not confirmed before :meth:`read_back`."""
        with opened(self.options) as site:
            _lay(site, bundle)
        return self._receipt(bundle, bundle.digest, confirmed=False)

    def read_back(self, bundle: Bundle) -> Receipt:
        """Read every file where people find it; confirmed if that is the bundle, byte for byte."""
        with opened(self.options) as site:
            found = [(file, site.look(_whole(bundle, file.path))) for file in bundle.files]
        held = tuple(replace(file, data=data) for file, data in found if data is not None)
        digest = replace(bundle, files=held).digest if held else ""
        return self._receipt(bundle, digest, confirmed=digest == bundle.digest)

    def check(self) -> Health:
        """Write, read and remove a file that nobody links to."""
        try:
            with opened(self.options) as site:
                site.write(PROBE, b"ok", "text/plain")
                same = site.look(PROBE) == b"ok"
                site.remove(PROBE)
        except OutsideFailed as error:
            return Health(ok=False, message=f"{error.params['problem']}。")
        if not same:
            return Health(ok=False, message="写入的文件在公众的网址上读不到，请核对两个网址是不是同一个目录。")
        return Health(ok=True, message=f"网站目录 {self.options.place} 可以写入和读回。")

    def _receipt(self, bundle: Bundle, digest: str, *, confirmed: bool) -> Receipt:
        """With the address of the bundle's page: its shortest index, else its first file."""
        first = min(bundle.files, key=lambda file: (not _is_index(file), file.path.count("/"), file.path))
        page = quote(_whole(bundle, first.path.removesuffix("index.html")))
        root = (self.options.address or self.options.place).rstrip("/")
        return Receipt(self.name, f"{root}/{page}", digest, confirmed)


def _lay(site: Site, bundle: Bundle) -> None:
    record, wanted = _record(bundle), {file.path for file in bundle.files}
    held = set(json.loads(site.read(record) or b"[]"))
    if not wanted <= held:
        _note(site, record, held | wanted)
    for file in sorted(bundle.files, key=lambda file: (_is_index(file), -file.path.count("/"), file.path)):
        path = _whole(bundle, file.path)
        if site.read(path) != file.data:
            site.write(path, file.data, file.media_type)
    for gone in sorted(held - wanted):
        site.remove(_whole(bundle, gone))
    if held - wanted:
        _note(site, record, wanted)


def _note(site: Site, record: str, paths: set[str]) -> None:
    site.write(record, json.dumps(sorted(paths), ensure_ascii=False).encode(), _JSON)


def _whole(bundle: Bundle, path: str) -> str:
    """The path from the folder; a bundle of no tenant stands at its root."""
    return path if bundle.tenant is None else f"{bundle.tenant}/{path}"


def _is_index(file: PublicFile) -> bool:
    return file.path.rpartition("/")[2].startswith("index.")


def _record(bundle: Bundle) -> str:
    name = "\0".join((bundle.tenant or "", bundle.kind, bundle.key))
    return f"{RECORDS}/{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"

"""The channel: bundles in, files out, and what the place holds back again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from shuangsui import Bundle, Health, OutsideFailed, PublicFile, Receipt
from shuangsui_channel_portal.bundles import Place, is_index, whole


@dataclass(frozen=True, slots=True)
class Portal:
    """Publishes in ``place``; ``address`` is where people find its root, empty if nobody said."""

    place: Place
    address: str
    network: bool = False
    name: str = "portal"

    def publish(self, bundle: Bundle) -> Receipt:
        """Write the bundle's files; not confirmed before :meth:`read_back`."""
        self.place.lay(bundle)
        return self._receipt(bundle, bundle.digest, confirmed=False)

    def read_back(self, bundle: Bundle) -> Receipt:
        """Read what is held under the bundle's paths; confirmed if that is the bundle, byte for byte."""
        files = self.place.held(bundle)
        digest = replace(bundle, files=files).digest if files else ""
        return self._receipt(bundle, digest, confirmed=digest == bundle.digest)

    def check(self) -> Health:
        """Write, read and remove a probe file."""
        try:
            self.place.probe()
        except OutsideFailed as error:
            return Health(ok=False, message=f"{error.params['problem']}。")
        return Health(ok=True, message=f"{self.place.title} 可以写入。")

    def _receipt(self, bundle: Bundle, digest: str, *, confirmed: bool) -> Receipt:
        """With the address of the bundle's page: its shortest index, else its first file."""
        index = min(bundle.files, key=_rank).path.removesuffix("index.html")
        return Receipt(self.name, f"{self.address}/{quote(whole(bundle.tenant, index))}", digest, confirmed)


def _rank(file: PublicFile) -> tuple[bool, int, str]:
    return not is_index(file.path), file.path.count("/"), file.path

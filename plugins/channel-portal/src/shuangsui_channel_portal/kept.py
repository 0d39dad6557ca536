"""A public tree that is somewhere else, and lies on this machine's disk as well.

The platform reads there what it needs of its own publications: which authorities have published, the other side of a
two-level draw, and how long each draw log was. What is only elsewhere is out of its reach.
"""

from __future__ import annotations

from dataclasses import dataclass

from shuangsui import Bundle, PublicFile
from shuangsui_channel_portal.bundles import Place


@dataclass(frozen=True, slots=True)
class Kept:
    """``place`` is what the public sees and what is read back; ``copy`` comes first, so it never has less."""

    place: Place
    copy: Place

    @property
    def title(self) -> str:
        """Where the public finds it."""
        return self.place.title

    def lay(self, bundle: Bundle) -> None:
        """Both; nothing reaches the public that is not kept."""
        self.copy.lay(bundle)
        self.place.lay(bundle)

    def held(self, bundle: Bundle) -> tuple[PublicFile, ...]:
        """Where the public looks."""
        return self.place.held(bundle)

    def probe(self) -> None:
        """Both."""
        self.copy.probe()
        self.place.probe()

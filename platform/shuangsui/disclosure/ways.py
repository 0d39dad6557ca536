"""The ways by which something reaches the public: channels and exporters under one face.

A way's ``channel`` is ``plugin/name``; a plugin that failed to answer stands as ``plugin/*`` until it answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from shuangsui.contracts import Bundle, DisclosureChannel, Receipt
from shuangsui.disclosed import Disclosed, ResultContent
from shuangsui.disclosure.policy import judge
from shuangsui.disclosure.site import thing
from shuangsui.errors import OutsideFailed
from shuangsui.extension import service
from shuangsui.extension.isolation import Absent, LoadedExporter
from shuangsui.privacy import scanning
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant

PORTAL, CREDIT, HAND, ANY = "portal", "credit", "by-hand", "*"
SHOWN = ("round", "result", "withheld")
"""Kinds that the portal shows; decisions are for the credit systems, a notice is for whom it names."""
DRAWN = ("random", "joint")


class Way(Protocol):
    """One receiver. ``deliver`` may come again with the same thing; a receipt counts if it is confirmed."""

    @property
    def channel(self) -> str:
        """Its name in deliveries."""

    @property
    def duty(self) -> str:
        """Which of the rule ``publication.channels`` it serves."""

    def takes(self, item: Disclosed) -> bool:
        """Whether it is to be told of this."""

    def deliver(self, item: Disclosed, allowed: Collection[str]) -> Receipt:
        """Look for personal data, hand over, look at what is shown; raises what went wrong."""


@dataclass(frozen=True, slots=True)
class PortalWay:
    """A disclosure channel: one file of the static tree for each thing; lists and pages link to it."""

    source: DisclosureChannel
    bundled: Callable[[Disclosed], Bundle]
    duty: str = PORTAL

    @property
    def channel(self) -> str:
        """``plugin/name``."""
        return named(self.source)

    def takes(self, item: Disclosed) -> bool:
        """Whatever the public sees."""
        return item.kind in SHOWN

    def deliver(self, item: Disclosed, allowed: Collection[str]) -> Receipt:
        """As :class:`Way`."""
        scanning.require_lawful(item, allowed=allowed)
        bundle = self.bundled(item)
        for file in bundle.files:
            scanning.require_clean(file.data, file.media_type, allowed=allowed)
        self.source.publish(bundle)
        receipt = self.source.read_back(bundle)
        seen = not judge(self.source.name, bundle, receipt).problem
        return Receipt(self.channel, receipt.reference, receipt.digest, seen, receipt.at)


@dataclass(frozen=True, slots=True)
class ExporterWay:
    """A credit or supervision system, asked in a process of its own."""

    exporter: LoadedExporter

    @property
    def channel(self) -> str:
        """``plugin/name``."""
        return named(self.exporter)

    @property
    def duty(self) -> str:
        """As the exporter says."""
        return self.exporter.duty

    def takes(self, item: Disclosed) -> bool:
        """As the exporter says; one that fails to say gets it, and what is wrong shows at its own delivery."""
        try:
            return item.kind in self.exporter.kinds and self.exporter.takes(item)
        except OutsideFailed:
            return True

    def deliver(self, item: Disclosed, allowed: Collection[str]) -> Receipt:
        """As :class:`Way`; what the handing-over itself confirms is not looked for."""
        scanning.require_lawful(item, allowed=allowed)
        package = self.exporter.convert(item)
        scanning.require_clean(package.data, package.media_type, allowed=allowed)
        sent = self.exporter.send(package)
        if sent.confirmed:
            return sent
        seen = self.exporter.read_back(package)
        return seen if seen.confirmed else Receipt(seen.channel, sent.reference, sent.digest, confirmed=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """A plugin that is switched on and does not answer: nothing passes it by in silence."""

    absent: Absent
    duty: str = ""

    @property
    def channel(self) -> str:
        """``plugin/*``."""
        return named(self.absent)

    def takes(self, _item: Disclosed) -> bool:
        """What it would have taken is unknown."""
        return True

    def deliver(self, item: Disclosed, allowed: Collection[str]) -> Receipt:
        """Never."""
        del item, allowed
        raise self.absent.error


def portal_ways(channels: Sequence[DisclosureChannel]) -> list[Way]:
    """The channels of the public tree."""
    return [Missing(one) if isinstance(one, Absent) else PortalWay(one, thing) for one in channels]


def exporter_ways(tenant: Tenant, settings: Settings) -> list[Way]:
    """The exporters of the tenant's plugins, and every plugin that could not even be loaded."""
    gone = [Missing(one) for one in service.unloaded(tenant, settings)]
    found = service.exporters(tenant, settings)
    return [*gone, *(Missing(one) if isinstance(one, Absent) else ExporterWay(one) for one in found)]


def owed(item: Disclosed, duties: Collection[str]) -> frozenset[str]:
    """Which duties a thing has (R14.5): results and rounds of what was drawn all, a placeholder the portal, a decision
    the credit system, whatever the rules name.
    """
    if item.kind == "withheld":
        return frozenset(duties) & {PORTAL}
    if item.kind == "notice":
        return frozenset({"notice"})
    if item.kind == "decision":
        return frozenset({CREDIT})
    drawn = not isinstance(item.content, ResultContent) or item.content.type in DRAWN
    return frozenset(duties) if item.kind in SHOWN and drawn else frozenset()


def named(source: DisclosureChannel | LoadedExporter | Absent) -> str:
    """``plugin/name``; the name of what does not answer is unknown."""
    if isinstance(source, Absent):
        return f"{source.plugin}/{ANY}"
    plugin = getattr(source, "plugin", "")
    return f"{plugin}/{source.name}" if plugin else source.name

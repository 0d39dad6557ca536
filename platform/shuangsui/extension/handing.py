"""Bundles, packages and messages handed to the outside through plugins, in child processes that are kept.

A channel that talks to a network, every exporter and every notifier does its work in a child; the core meets them as
:class:`DistantChannel`, :class:`DistantExporter` and :class:`DistantNotifier` and notices nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from shuangsui.contracts import Bundle, Health, PublicFile, Receipt
from shuangsui.disclosed import Package
from shuangsui.errors import OutsideFailed
from shuangsui.extension.children import Limits, Pool, Question
from shuangsui.extension.isolation import (
    LoadedChannel,
    LoadedExporter,
    LoadedFeed,
    LoadedKeyStore,
    LoadedNotifier,
    LoadedPool,
    LoadedSource,
    LoadedSystem,
)
from shuangsui.notified import Message, MessageReceipt
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant

LIMITS = Limits(seconds=120, memory=1 << 30, file=64 << 20)
"""Of a package, and of a look at whether a plugin could work."""
BUNDLES = Limits(seconds=600, memory=3 << 30, file=512 << 20)
pool = Pool()
Near = (
    LoadedChannel | LoadedExporter | LoadedNotifier | LoadedSource | LoadedPool | LoadedFeed | LoadedSystem
    | LoadedKeyStore
)  # fmt: skip
POINTS: Mapping[type[Any], str] = {
    LoadedChannel: "channel", LoadedExporter: "exporter", LoadedNotifier: "notifier", LoadedSource: "entropy",
    LoadedPool: "pool", LoadedFeed: "feed", LoadedSystem: "system", LoadedKeyStore: "keys",
}  # fmt: skip
"""What a thing is called in a question."""


@dataclass(frozen=True, slots=True)
class DistantChannel(LoadedChannel):
    """A plugin's channel that talks to a network, asked in a child process."""

    tenant: Tenant
    settings: Settings

    def publish(self, bundle: Bundle) -> Receipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return self._handed("publish", bundle)

    def read_back(self, bundle: Bundle) -> Receipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return self._handed("read_back", bundle)

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return check(self.tenant, self, self.settings)

    def _handed(self, call: str, bundle: Bundle) -> Receipt:
        head, body = framed(bundle)
        return _receipt(_asked(self.tenant, self, call, self.settings, BUNDLES, head, body), self, call)


@dataclass(frozen=True, slots=True)
class DistantExporter(LoadedExporter):
    """A plugin's exporter; what is pure is asked here, what talks to the other system in a child process."""

    tenant: Tenant
    settings: Settings

    def send(self, package: Package) -> Receipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return self._handed("send", package)

    def read_back(self, package: Package) -> Receipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return self._handed("read_back", package)

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return check(self.tenant, self, self.settings)

    def _handed(self, call: str, package: Package) -> Receipt:
        names = ("external_id", "revision", "action", "name", "media_type")
        head = {"package": {name: getattr(package, name) for name in names}}
        return _receipt(_asked(self.tenant, self, call, self.settings, LIMITS, head, package.data), self, call)


@dataclass(frozen=True, slots=True)
class DistantNotifier(LoadedNotifier):
    """A plugin's notifier, asked in a child process."""

    tenant: Tenant
    settings: Settings

    def send(self, message: Message) -> MessageReceipt:
        """As the contract says, or :class:`OutsideFailed`."""
        head = {"message": asdict(message) | {"at": message.at.isoformat()}}
        said = _asked(self.tenant, self, "notify", self.settings, LIMITS, head)
        try:
            at = datetime.fromisoformat(said["at"]) if said["at"] else None
            return MessageReceipt(said["notifier"], said["message"], said["reference"], at)
        except (ValueError, KeyError, TypeError) as error:
            raise _odd(self, "send") from error

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return check(self.tenant, self, self.settings)


@dataclass(frozen=True, slots=True)
class DistantLook:
    """Any thing of a plugin that may go somewhere, as far as its look at itself goes."""

    thing: Near
    tenant: Tenant
    settings: Settings

    @property
    def name(self) -> str:
        """The thing's."""
        return self.thing.name

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return check(self.tenant, self.thing, self.settings)


def distant_channel(tenant: Tenant, one: LoadedChannel, settings: Settings) -> LoadedChannel:
    """``one`` itself if it only writes to the disk."""
    return DistantChannel(one.plugin, one.name, True, one.channel, tenant, settings) if one.network else one


def distant_exporter(tenant: Tenant, one: LoadedExporter, settings: Settings) -> DistantExporter:
    """``one`` at arm's length."""
    return DistantExporter(one.plugin, one.name, one.kinds, one.duty, one.schema, one.exporter, tenant, settings)


def distant_notifier(tenant: Tenant, one: LoadedNotifier, settings: Settings) -> DistantNotifier:
    """``one`` at arm's length."""
    return DistantNotifier(one.plugin, one.name, one.address_kind, one.notifier, tenant, settings)


def check(tenant: Tenant, thing: Near, settings: Settings) -> Health:
    """As the ``check`` of what stands at arm's length."""
    said = _asked(tenant, thing, "check", settings, LIMITS, {})
    try:
        return Health(bool(said["ok"]), str(said["message"]))
    except KeyError as error:
        raise _odd(thing, "check") from error


def framed(bundle: Bundle) -> tuple[dict[str, Any], bytes]:
    """Its names, and its files one after the other."""
    files = [{"path": one.path, "media_type": one.media_type, "size": len(one.data)} for one in bundle.files]
    names = {"tenant": bundle.tenant, "kind": bundle.kind, "key": bundle.key, "files": files}
    return {"bundle": names}, b"".join(one.data for one in bundle.files)


def unframed(names: Mapping[str, Any], body: bytes) -> Bundle:
    """The bundle that :func:`framed` took apart."""
    files, start = [], 0
    for one in names["files"]:
        files.append(PublicFile(one["path"], body[start : start + one["size"]], one["media_type"]))
        start += one["size"]
    return Bundle(names["tenant"], names["kind"], names["key"], tuple(files))


def _asked(
    tenant: Tenant, thing: Near, call: str, settings: Settings, limits: Limits, head: Mapping[str, Any],
    body: bytes = b"",
) -> dict[str, Any]:  # fmt: skip
    point = next(word for kind, word in POINTS.items() if isinstance(thing, kind))
    question = Question(thing.plugin, call, {**head, "point": point, "name": thing.name}, body)
    said, _ = pool.ask(tenant, question, settings, limits)
    return said


def _receipt(said: Mapping[str, Any], thing: Near, call: str) -> Receipt:
    try:
        at = datetime.fromisoformat(said["at"]) if said["at"] else None
        return Receipt(said["channel"], said["reference"], said["digest"], bool(said["confirmed"]), at)
    except (ValueError, KeyError, TypeError) as error:
        raise _odd(thing, call) from error


def _odd(thing: Near, call: str) -> OutsideFailed:
    return OutsideFailed("plugin_died", plugin=thing.plugin, step=call, status=0)

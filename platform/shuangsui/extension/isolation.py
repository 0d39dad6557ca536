"""Calls into a plugin: whatever goes wrong there comes out as one :class:`OutsideFailed` that names the plugin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, TypeVar

from shuangsui.contracts import (
    Bundle,
    CodeReceipt,
    DisclosureChannel,
    EnforcementSystem,
    FeedFile,
    FeedState,
    FilingReceipt,
    Health,
    MissingCode,
    Receipt,
    RegistryFeed,
    TaskNotice,
)
from shuangsui.disclosed import KINDS, Disclosed, Exporter, Package
from shuangsui.errors import ContentRefused, OutsideFailed
from shuangsui.notified import AddressKind, Message, MessageReceipt, Notifier

T = TypeVar("T")


def call(plugin: str, step: str, wanted: type[T], function: Callable[..., object], *args: object) -> T:
    """``function``'s answer, which is a ``wanted``; else ``plugin_failed`` or ``plugin_answer_wrong``."""
    try:
        answer = function(*args)
        if isinstance(answer, wanted):
            return answer
    except OutsideFailed as error:
        raise _failed(plugin, step, error.params.get("problem") or str(error), permanent=error.permanent) from error
    except (Exception, SystemExit) as error:  # a mistake of the vendor's, whatever it is
        raise _failed(plugin, step, f"{type(error).__name__}: {error}") from error
    found = type(answer).__name__
    raise OutsideFailed("plugin_answer_wrong", plugin=plugin, step=step, wanted=wanted.__name__, found=found)


def _failed(plugin: str, step: str, reason: str, *, permanent: bool = False) -> OutsideFailed:
    return OutsideFailed("plugin_failed", permanent=permanent, plugin=plugin, step=step, reason=reason)


@dataclass(frozen=True, slots=True)
class LoadedChannel:
    """A plugin's channel behind isolation; areas take it as a plain :class:`DisclosureChannel`."""

    plugin: str
    name: str
    network: bool
    channel: DisclosureChannel

    def publish(self, bundle: Bundle) -> Receipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "publish", Receipt, self.channel.publish, bundle)

    def read_back(self, bundle: Bundle) -> Receipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "read_back", Receipt, self.channel.read_back, bundle)

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "check", Health, self.channel.check)


@dataclass(frozen=True, slots=True)
class LoadedExporter:
    """A plugin's exporter behind isolation."""

    plugin: str
    name: str
    kinds: tuple[str, ...]
    duty: str
    schema: Mapping[str, Any]
    exporter: Exporter

    def takes(self, item: Disclosed) -> bool:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "takes", bool, self.exporter.takes, item)

    def convert(self, item: Disclosed) -> Package:
        """As the contract says, :class:`ContentRefused` included; a package of something else is a wrong answer."""
        try:
            package = call(self.plugin, "convert", Package, self.exporter.convert, item)
        except OutsideFailed as error:
            if isinstance(error.__cause__, ContentRefused):
                raise error.__cause__ from None
            raise
        wanted, found = [(one.external_id, one.revision, one.action) for one in (item, package)]
        if found != wanted:
            raise OutsideFailed(
                "plugin_answer_wrong", plugin=self.plugin, step="convert", wanted=str(wanted), found=str(found)
            )
        return package

    def send(self, package: Package) -> Receipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "send", Receipt, self.exporter.send, package)

    def read_back(self, package: Package) -> Receipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "read_back", Receipt, self.exporter.read_back, package)

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "check", Health, self.exporter.check)


@dataclass(frozen=True, slots=True)
class LoadedFeed:
    """A plugin's registry feed behind isolation."""

    plugin: str
    name: str
    kind: Literal["objects"]
    feed: RegistryFeed

    def fetch(self, last: FeedState | None) -> FeedFile:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "fetch", FeedFile, self.feed.fetch, last)

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "check", Health, self.feed.check)


@dataclass(frozen=True, slots=True)
class LoadedSystem:
    """A plugin's enforcement system behind isolation."""

    plugin: str
    name: str
    system: EnforcementSystem

    def push_task(self, notice: TaskNotice) -> CodeReceipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "push_task", CodeReceipt, self.system.push_task, notice)

    def query(self, task: str) -> CodeReceipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "query", CodeReceipt, self.system.query, task)

    def report_missing(self, missing: MissingCode) -> FilingReceipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "report_missing", FilingReceipt, self.system.report_missing, missing)

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "check", Health, self.system.check)


@dataclass(frozen=True, slots=True)
class LoadedNotifier:
    """A plugin's notifier behind isolation."""

    plugin: str
    name: str
    address_kind: AddressKind
    notifier: Notifier

    @property
    def key(self) -> str:
        """``plugin/name``: what a person types, and what stands in rows."""
        return f"{self.plugin}/{self.name}"

    def send(self, message: Message) -> MessageReceipt:
        """As the contract says, or :class:`OutsideFailed`; a receipt of another message is a wrong answer."""
        receipt = call(self.plugin, "send", MessageReceipt, self.notifier.send, message)
        if receipt.message != message.id:
            raise OutsideFailed(
                "plugin_answer_wrong", plugin=self.plugin, step="send", wanted=message.id, found=receipt.message
            )
        return receipt

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "check", Health, self.notifier.check)


@dataclass(frozen=True, slots=True)
class Absent:
    """Stands where a switched-on plugin failed to answer its objects, so that nothing passes it by in silence."""

    plugin: str
    error: OutsideFailed
    kind: Literal["objects"] = "objects"

    @property
    def name(self) -> str:
        """The plugin's name; its objects' are unknown."""
        return self.plugin

    @property
    def key(self) -> str:
        """The plugin's name as well."""
        return self.plugin

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind: what it would have taken is unknown, and nothing may pass it by."""
        return tuple(KINDS)

    @property
    def duty(self) -> str:
        """Unknown."""
        return ""

    @property
    def network(self) -> bool:
        """Unknown; nothing is asked of it anyway."""
        return False

    @property
    def schema(self) -> Mapping[str, Any]:
        """Unknown as well."""
        return {}

    def check(self, *_args: Any, **_named: Any) -> NoReturn:
        """Never succeeds, and neither does anything else that is asked of it."""
        raise self.error

    publish = read_back = takes = convert = send = fetch = push_task = query = report_missing = check

"""Calls into a plugin: whatever goes wrong there comes out as one :class:`OutsideFailed` that names the plugin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NoReturn, TypeVar, cast

from shuangsui.called import Call, Callback, Reply
from shuangsui.contracts import (
    KEY_BYTES,
    KEY_ID,
    Bundle,
    CodeReceipt,
    DisclosureChannel,
    EnforcementSystem,
    FeedFile,
    FeedState,
    FilingReceipt,
    Health,
    KeyStore,
    MissingCode,
    Receipt,
    RegistryFeed,
    TaskNotice,
)
from shuangsui.disclosed import KINDS, Disclosed, Exporter, Package
from shuangsui.entropy import EntropyEvent, EntropySource, EntropyValue, EventKind
from shuangsui.errors import ContentRefused, OutsideFailed
from shuangsui.experts import ExpertPool, PoolAnswer, PoolRequest
from shuangsui.extension.lanes import LONG, QUICK, lanes
from shuangsui.notified import AddressKind, Message, MessageReceipt, Notifier

T = TypeVar("T")


def call(plugin: str, step: str, wanted: type[T], function: Callable[..., object], *args: object) -> T:
    """``function``'s quick answer, which is a ``wanted``.

    Else ``plugin_failed``, ``plugin_answer_wrong``, ``plugin_too_slow`` or, while it is left alone, ``plugin_resting``.
    """
    return _called(plugin, step, wanted, lambda: function(*args), QUICK)


def work(plugin: str, step: str, wanted: type[T], function: Callable[..., object], *args: object) -> T:
    """The same of what may take long; in a child process its limits come first."""
    return _called(plugin, step, wanted, lambda: function(*args), LONG)


def own(value: T) -> T:
    """A copy for the plugin alone: whatever it does to it, the platform's stays what it was."""
    return deepcopy(value)


def _called(plugin: str, step: str, wanted: type[T], function: Callable[[], object], seconds: float) -> T:
    def judged() -> tuple[object, bool]:
        """Even a look at a vendor's object may run the vendor's code."""
        value = function()
        return value, isinstance(value, wanted)

    lane = lanes.of(plugin)
    answer = lane.call(step, judged, seconds)
    if isinstance(answer.error, OutsideFailed):
        problem = answer.error.params.get("problem") or str(answer.error)
        raise _failed(plugin, step, problem, permanent=answer.error.permanent) from answer.error
    if isinstance(answer.error, ContentRefused):
        raise _failed(plugin, step, str(answer.error)) from answer.error
    if answer.error:
        raise lane.erred(step, _failed(plugin, step, f"{type(answer.error).__name__}: {answer.error}"), answer.error)
    value, right = answer.value
    if not right:
        raise lane.erred(step, wrong(plugin, step, wanted.__name__, type(value).__name__))
    lane.went_well()
    return cast("T", value)


def wrong(plugin: str, step: str, wanted: object, found: object) -> OutsideFailed:
    """What a plugin answered is not what the contract says."""
    return OutsideFailed("plugin_answer_wrong", plugin=plugin, step=step, wanted=wanted, found=found)


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
        return work(self.plugin, "publish", Receipt, self.channel.publish, own(bundle))

    def read_back(self, bundle: Bundle) -> Receipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "read_back", Receipt, self.channel.read_back, own(bundle))

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "check", Health, self.channel.check)


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
        return call(self.plugin, "takes", bool, self.exporter.takes, own(item))

    def convert(self, item: Disclosed) -> Package:
        """As the contract says, :class:`ContentRefused` included; a package of something else is a wrong answer."""
        try:
            package = call(self.plugin, "convert", Package, self.exporter.convert, own(item))
        except OutsideFailed as error:
            if isinstance(error.__cause__, ContentRefused):
                raise error.__cause__ from None
            raise
        wanted, found = [(one.external_id, one.revision, one.action) for one in (item, package)]
        if found != wanted:
            raise lanes.of(self.plugin).erred("convert", wrong(self.plugin, "convert", str(wanted), str(found)))
        return package

    def send(self, package: Package) -> Receipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "send", Receipt, self.exporter.send, own(package))

    def read_back(self, package: Package) -> Receipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "read_back", Receipt, self.exporter.read_back, own(package))

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "check", Health, self.exporter.check)


@dataclass(frozen=True, slots=True)
class LoadedFeed:
    """A plugin's registry feed behind isolation."""

    plugin: str
    name: str
    kind: Literal["objects"]
    feed: RegistryFeed

    def fetch(self, last: FeedState | None) -> FeedFile:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "fetch", FeedFile, self.feed.fetch, last)

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "check", Health, self.feed.check)


@dataclass(frozen=True, slots=True)
class LoadedPool:
    """A plugin's expert pool behind isolation."""

    plugin: str
    name: str
    network: bool
    pool: ExpertPool

    def experts(self, request: PoolRequest) -> PoolAnswer:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "experts", PoolAnswer, self.pool.experts, request)

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "check", Health, self.pool.check)


@dataclass(frozen=True, slots=True)
class LoadedSystem:
    """A plugin's enforcement system behind isolation."""

    plugin: str
    name: str
    system: EnforcementSystem

    def push_task(self, notice: TaskNotice) -> CodeReceipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "push_task", CodeReceipt, self.system.push_task, notice)

    def query(self, task: str) -> CodeReceipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "query", CodeReceipt, self.system.query, task)

    def report_missing(self, missing: MissingCode) -> FilingReceipt:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "report_missing", FilingReceipt, self.system.report_missing, missing)

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "check", Health, self.system.check)


@dataclass(frozen=True, slots=True)
class LoadedSource:
    """A plugin's entropy source behind isolation."""

    plugin: str
    name: str
    kind: EventKind
    network: bool
    source: EntropySource

    def plan(self, name: str, at: datetime, digits: int) -> EntropyEvent:
        """As the contract says, or :class:`OutsideFailed`; an event of another name or kind is a wrong answer."""
        event = call(self.plugin, "plan", EntropyEvent, self.source.plan, name, at, digits)
        if (event.name, event.kind) != (name, self.kind):
            wanted, found = f"{name} {self.kind}", f"{event.name} {event.kind}"
            raise lanes.of(self.plugin).erred("plan", wrong(self.plugin, "plan", wanted, found))
        return event

    def fetch(self, event: EntropyEvent) -> EntropyValue:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "fetch", EntropyValue, self.source.fetch, event)

    def verify(self, event: EntropyEvent, value: EntropyValue) -> None:
        """As the contract says, or :class:`OutsideFailed`."""
        call(self.plugin, "verify", type(None), self.source.verify, event, value)

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return work(self.plugin, "check", Health, self.source.check)


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
class LoadedCallback:
    """A plugin's callback behind isolation."""

    plugin: str
    name: str
    callback: Callback

    def answer(self, call_: Call) -> Reply:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "answer", Reply, self.callback.answer, call_)


@dataclass(frozen=True, slots=True)
class LoadedKeyStore:
    """A plugin's key store behind isolation; a key or an id that is none is a wrong answer and never shown."""

    plugin: str
    name: str
    network: bool
    store: KeyStore

    @property
    def place(self) -> str:
        """``plugin/name``, as it stands in what is sealed."""
        return f"{self.plugin}/{self.name}"

    def current(self) -> str:
        """As the contract says, or :class:`OutsideFailed`."""
        return self.named("current", call(self.plugin, "current", str, self.store.current), empty=True)

    def derive(self, key: str, purpose: str) -> bytes:
        """As the contract says, or :class:`OutsideFailed`."""
        return self.measured(call(self.plugin, "derive", bytes, self.store.derive, key, purpose))

    def renew(self) -> str:
        """As the contract says, or :class:`OutsideFailed`."""
        return self.named("renew", work(self.plugin, "renew", str, self.store.renew))

    def check(self) -> Health:
        """As the contract says, or :class:`OutsideFailed`."""
        return call(self.plugin, "check", Health, self.store.check)

    def named(self, step: str, found: str, *, empty: bool = False) -> str:
        """An id that fits into what is sealed under it."""
        if KEY_ID.fullmatch(found) or (empty and not found):
            return found
        raise lanes.of(self.plugin).erred(step, wrong(self.plugin, step, KEY_ID.pattern, "…"))

    def measured(self, found: bytes) -> bytes:
        """A key of the one size there is."""
        if len(found) == KEY_BYTES:
            return found
        raise lanes.of(self.plugin).erred("derive", wrong(self.plugin, "derive", KEY_BYTES, len(found)))


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

    publish = read_back = takes = convert = send = fetch = experts = push_task = query = report_missing = check

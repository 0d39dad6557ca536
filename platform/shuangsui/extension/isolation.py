"""Calls into a plugin: whatever goes wrong there comes out as one :class:`OutsideFailed` that names the plugin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shuangsui.contracts import Bundle, DisclosureChannel, Health, Receipt
from shuangsui.errors import OutsideFailed

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
class AbsentChannel:
    """Stands where a switched-on plugin failed to answer its channels, so that no publication passes it by silently."""

    plugin: str
    error: OutsideFailed

    @property
    def name(self) -> str:
        """The plugin's name; its channels' are unknown."""
        return self.plugin

    def publish(self, bundle: Bundle) -> Receipt:  # noqa: ARG002 - the contract's signature
        """Never succeeds."""
        raise self.error

    read_back = publish

    def check(self) -> Health:
        """Never succeeds."""
        raise self.error

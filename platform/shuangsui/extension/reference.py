"""``plugins/README.md``, written from the hooks and the contracts, so that it cannot say anything else."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from importlib.resources import files
from string import Template
from typing import Any

import shuangsui
from shuangsui.called import Call, Callback, Reply
from shuangsui.contracts import (
    API,
    Bundle,
    CodeReceipt,
    Context,
    DisclosureChannel,
    EnforcementSystem,
    FeedFile,
    FeedState,
    FilingReceipt,
    Health,
    KeyStore,
    MissingCode,
    PluginOptions,
    PublicFile,
    Receipt,
    RegistryFeed,
    ResultCode,
    RuleAmendment,
    RulePackFile,
    TaskNotice,
)
from shuangsui.disclosed import (
    Authority,
    DecisionContent,
    Disclosed,
    DisclosedFinding,
    DisclosedItem,
    DisclosedObject,
    DisclosedOfficer,
    Exporter,
    NoticeContent,
    Package,
    ResultContent,
    RoundContent,
    WithheldContent,
)
from shuangsui.entropy import EntropyEvent, EntropySource, EntropyValue
from shuangsui.errors import ContentRefused, OutsideFailed
from shuangsui.experts import ExpertPool, PoolAnswer, PoolExpert, PoolRequest, PoolState
from shuangsui.extension.messages import KINDS as KIND_NAMES
from shuangsui.extension.policy import KINDS
from shuangsui.hookspecs import PROJECT, Hooks
from shuangsui.notified import Message, MessageReceipt, MessageReport, Notifier

VALUES = (
    Context, PublicFile, Bundle, Receipt, Disclosed, Authority, RoundContent, ResultContent, WithheldContent,
    DecisionContent, NoticeContent, DisclosedObject, DisclosedItem, DisclosedFinding, DisclosedOfficer, Package,
    RulePackFile, RuleAmendment, FeedState, FeedFile, PoolRequest, PoolState, PoolAnswer, PoolExpert, ResultCode,
    TaskNotice, CodeReceipt, MissingCode, FilingReceipt, EntropyEvent, EntropyValue, Message, MessageReceipt,
    MessageReport, Call, Reply, Health, PluginOptions,
)  # fmt: skip
PROTOCOLS = (
    DisclosureChannel, Exporter, RegistryFeed, ExpertPool, EnforcementSystem, EntropySource, Notifier, Callback,
    KeyStore,
)  # fmt: skip

_ROLE = re.compile(r":\w+:`[\w.]*?(\w+)`")
"""A docstring's cross-reference, of which readers of Markdown get the bare name."""


def render(checks: Iterable[str]) -> str:
    """The whole Markdown text; the same bytes for the same product. ``checks`` are those of the quality list."""
    text = files("shuangsui").joinpath("data", "plugins.md").read_text("utf-8")
    return Template(text).substitute(
        group=PROJECT,
        api=API,
        checks="\n".join(f"- {check}" for check in checks),
        names="、".join(f"`{name}`" for name in shuangsui.__all__),
        hooks="\n\n".join(map(_hook, hooks())),
        protocols="\n\n".join(_protocol(kind) for kind in PROTOCOLS),
        values="\n\n".join(_value(kind) for kind in (*VALUES, OutsideFailed, ContentRefused)),
    )


def hooks() -> Iterator[dict[str, str]]:
    """Each hook's ``signature``, the ``kind`` of plugin that it makes, and its ``promise``."""
    for name, kind in KINDS.items():
        hook = getattr(Hooks, name)
        yield {"signature": _signature(hook), "kind": KIND_NAMES[kind], "promise": _doc(hook)}


def _hook(told: Mapping[str, str]) -> str:
    return f"### `{told['signature']}`\n\n{told['kind']}。{told['promise']}"


def _protocol(kind: type) -> str:
    methods = "\n".join(f"- `{head}`：{_doc(member)}" for head, member in _members(kind))
    return f"### `{kind.__name__}`\n\n{_doc(kind)}\n\n{methods}"


def _members(kind: type) -> Iterator[tuple[str, object]]:
    """In the order of the source; a property shows as an attribute."""
    for name, member in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            yield f"{name}: {_type(member.fget, 'return')}", member
        elif inspect.isfunction(member):
            yield _signature(member), member


def _value(kind: type) -> str:
    if not is_dataclass(kind):
        return f"### `{kind.__name__}`\n\n{_doc(kind)}"
    head = ", ".join(f"{field.name}: {field.type}" for field in fields(kind))
    return f"### `{kind.__name__}({head})`\n\n{_doc(kind)}"


def _signature(function: Callable[..., object]) -> str:
    arguments = [name for name in inspect.signature(function).parameters if name != "self"]
    stated = ", ".join(f"{name}: {_type(function, name)}" for name in arguments)
    return f"{function.__name__}({stated}) -> {_type(function, 'return')}"


def _type(function: Any, name: str) -> str:
    return str(function.__annotations__[name])


def _doc(thing: object) -> str:
    words = " ".join((inspect.getdoc(thing) or "").split())
    return _ROLE.sub(r"`\1`", words).replace("``", "`")

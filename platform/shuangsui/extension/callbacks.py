"""Callbacks of plugins: calls from other systems, answered in a child process; whoever calls is nobody's friend yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from threading import Lock
from typing import Any

from shuangsui.called import REPLY_BYTES, Call, Reply
from shuangsui.errors import OutsideFailed
from shuangsui.extension import service
from shuangsui.extension.children import Limits, Question
from shuangsui.extension.handing import pool
from shuangsui.extension.isolation import LoadedCallback
from shuangsui.extension.points import CALLBACKS
from shuangsui.notified import MessageReport
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant

LIMITS = Limits(seconds=10, memory=1 << 30, file=1 << 20)
BESIDE = 2
"""So many calls of one plugin of one tenant beside each other: strangers must not fill this machine with processes."""

_busy: Counter[tuple[str, str]] = Counter()
_lock = Lock()


def address(tenant: str, plugin: str, name: str) -> str:
    """Path of a callback on the web server."""
    return f"/callbacks/{tenant}/{plugin}/{name}"


def addresses(tenant: Tenant, plugin: str, settings: Settings) -> list[str]:
    """Of every callback that a plugin of the tenant offers; none while it is off, or :class:`OutsideFailed`."""
    return [address(tenant.slug, plugin, one.name) for one in _offered(tenant, plugin, settings)]


def answered(tenant: Tenant, plugin: str, name: str, call: Call, settings: Settings) -> Reply | None:
    """The plugin's reply; None where there is no such callback, which includes every plugin that is off.

    :class:`OutsideFailed` if the plugin fails, or has its hands full.
    """
    found = next((one for one in _offered(tenant, plugin, settings) if one.name == name), None)
    if found is None:
        return None
    with _turn(tenant, plugin):
        return asked(tenant, found, call, settings)


def asked(tenant: Tenant, found: LoadedCallback, call: Call, settings: Settings) -> Reply:
    """The reply of a callback, or :class:`OutsideFailed`."""
    question = Question(found.plugin, "answer", _head(found, call), call.body)
    said, body = pool.ask(tenant, question, settings, LIMITS)
    return _reply(found.plugin, said, body)


def unframed_call(said: Mapping[str, Any], body: bytes) -> Call:
    """The call that a question holds."""
    return Call(said["method"], said["query"], said["headers"], body, datetime.fromisoformat(said["at"]))


def framed_reply(reply: Reply) -> dict[str, Any]:
    """All of a reply but its text."""
    reports = [asdict(one) for one in reply.reports]
    return {"status": reply.status, "media_type": reply.media_type, "reports": reports}


def _offered(tenant: Tenant, plugin: str, settings: Settings) -> list[LoadedCallback]:
    return service.offered_by(CALLBACKS, plugin, tenant, settings) if plugin in tenant.plugins else []


def _head(found: LoadedCallback, call: Call) -> dict[str, Any]:
    told = {"method": call.method, "query": {**call.query}, "headers": {**call.headers}, "at": call.at.isoformat()}
    return {"point": "callback", "name": found.name, "asked": told}


def _reply(plugin: str, said: Mapping[str, Any], body: bytes) -> Reply:
    try:
        reports = tuple(MessageReport(**one) for one in said["reports"])
        return Reply(said["status"], body[: REPLY_BYTES + 1].decode(), said["media_type"], reports)
    except (ValueError, KeyError, TypeError) as error:
        raise OutsideFailed("plugin_died", plugin=plugin, step="answer", status=0) from error


@contextmanager
def _turn(tenant: Tenant, plugin: str) -> Iterator[None]:
    key = (tenant.slug, plugin)
    with _lock:
        if _busy[key] >= BESIDE:
            raise OutsideFailed("plugin_busy", plugin=plugin)
        _busy[key] += 1
    try:
        yield
    finally:
        with _lock:
            _busy[key] -= 1

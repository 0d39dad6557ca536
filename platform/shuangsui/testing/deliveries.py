"""What a plugin hands to others, tried against systems of this machine: everything twice, and with nobody answering.

An address whose path begins with a system of the mock sink is pointed at it, the secrets are what the sink wants.
Whoever writes to no such system is tried as he is if no address is among his options; else his own tests must show it.
"""

from __future__ import annotations

import base64
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any
from unittest.mock import patch

from shuangsui.errors import ShuangsuiError
from shuangsui.extension import options, service
from shuangsui.extension.isolation import LoadedChannel, LoadedExporter, LoadedNotifier
from shuangsui.notified import Message
from shuangsui.testing.sink import SYSTEMS, Sink
from shuangsui.testing.specimens import RESULT
from shuangsui.testing.subject import Subject, silent_port, told
from shuangsui.testing.trial import BUNDLE, Trial

TOKEN = f"whsec_{base64.b64encode(bytes(range(32))).decode()}"
"""Fits as a token and as the secret of a signature."""
ADDRESSES = {"email": "trial@example.gov.cn", "phone": "13000000000", "wecom": "trial"}
MIDNIGHT = datetime(2026, 6, 15, tzinfo=UTC)
_SERVER = re.compile(r"(https?)://[^/\s{}?#]+")
_PLAYED = re.compile(rf"https?://[^/\s{{}}?#]+(?=/(?:{'|'.join(SYSTEMS)})\b)")


def repeated(subject: Subject) -> str:
    """What is wrong with handing the same thing over a second time."""
    with Sink(token=TOKEN) as sink:
        sink.wecom.secret = TOKEN
        places = _replaced(subject, _PLAYED, sink.url("").rstrip("/"))
        if not places and _goes_elsewhere(subject):
            return ""
        trial = Trial(subject.folder / "sink", [subject.plugin.name], {**subject.options, **places})
        with _secrets(subject, trial):
            problems = (_twice(one, sink) for one in service.things(subject.plugin, trial.tenant, trial.settings))
            return next((one for one in problems if one), "")


def given_up(subject: Subject, patience: float) -> str:
    """Which step, its own time limit as short as it may be, waits longer than ``patience`` for who never answers."""
    with silent_port() as port:
        places = _replaced(subject, _SERVER, rf"\1://127.0.0.1:{port}") | _host(subject, port)
        if not places:
            return ""
        short = {**subject.options, **places, **_limits(subject)}
        trial = Trial(subject.folder / "silent", [subject.plugin.name], short)
        with _secrets(subject, trial):
            for one in service.things(subject.plugin, trial.tenant, trial.settings):
                for step, call in _steps(one):
                    if (spent := _spent(call)) > patience:
                        return f"{step} 等了 {spent:.0f} 秒，应当在 {patience:.0f} 秒之内。"
    return ""


def message_for(one: LoadedNotifier) -> Message:
    """A trial message to an invented person."""
    return Message("check-0001", "test", "试发", "试发一条。", ADDRESSES[one.address_kind], "", MIDNIGHT)


def _twice(one: Any, sink: Sink) -> str:
    if isinstance(one, LoadedNotifier):
        for _ in range(2):
            one.send(message_for(one))
        return f"{one.name} 让同一个人看到了两次。" if sink.doubled() else ""
    if isinstance(one, LoadedChannel):
        return _receipts(one.name, partial(one.publish, BUNDLE), partial(one.read_back, BUNDLE))
    if isinstance(one, LoadedExporter) and one.takes(RESULT):
        package = one.convert(RESULT)
        problem = _receipts(one.name, partial(one.send, package), partial(one.read_back, package))
        return problem or (f"{one.name} 让对方收了两份。" if sink.doubled() else "")
    return ""


def _receipts(name: str, hand_over: Callable[[], Any], look: Callable[[], Any]) -> str:
    first, second = hand_over(), hand_over()
    if (first.digest, first.reference) != (second.digest, second.reference):
        return f"{name} 两次的回执不同。"
    return "" if second.confirmed or look().confirmed else f"{name} 送达以后读回来不一致。"


def _steps(one: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "check", partial(told, one)
    if isinstance(one, LoadedChannel):
        yield "publish", partial(one.publish, BUNDLE)
        yield "read_back", partial(one.read_back, BUNDLE)
    elif isinstance(one, LoadedExporter) and one.takes(RESULT):
        yield "send", lambda: one.send(one.convert(RESULT))
        yield "read_back", lambda: one.read_back(one.convert(RESULT))
    elif isinstance(one, LoadedNotifier):
        yield "send", lambda: one.send(message_for(one))


def _spent(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    with suppress(ShuangsuiError):
        call()
    return time.perf_counter() - started


def _stated(subject: Subject) -> dict[str, Any]:
    """Every option with the value that it is tried with."""
    fields = subject.plugin.options.model_fields
    usual = {key: info.get_default(call_default_factory=True) for key, info in fields.items() if not info.is_required()}
    return usual | dict(subject.options)


def _replaced(subject: Subject, pattern: re.Pattern[str], by: str) -> dict[str, Any]:
    """The options in which something was replaced."""
    found = {key: _put(value, pattern, by) for key, value in _stated(subject).items()}
    return {key: value for key, value in found.items() if value is not None}


def _put(value: Any, pattern: re.Pattern[str], by: str) -> Any:
    if isinstance(value, str):
        return pattern.sub(by, value) if pattern.search(value) else None
    if isinstance(value, list | tuple) and any(isinstance(one, str) and pattern.search(one) for one in value):
        return [pattern.sub(by, one) for one in value]
    return None


def _goes_elsewhere(subject: Subject) -> bool:
    return bool(_host(subject, 0) or _replaced(subject, _SERVER, ""))


def _host(subject: Subject, port: int) -> dict[str, Any]:
    """Where the other side is not an address but a machine and its port."""
    known = subject.plugin.options.model_fields.keys()
    return {"host": "127.0.0.1", "port": port} if {"host", "port"} <= known else {}


def _limits(subject: Subject) -> dict[str, int]:
    """The plugin's own time limit, as short as it allows."""
    field = subject.plugin.options.model_fields.get("timeout_seconds")
    return (
        {"timeout_seconds": max((one.ge for one in field.metadata if hasattr(one, "ge")), default=1)} if field else {}
    )


def _secrets(subject: Subject, trial: Trial) -> Any:
    names = options.secrets(options.checked(trial.tenant, subject.plugin))
    values: Mapping[str, str] = dict.fromkeys(names, TOKEN)
    return patch.dict(os.environ, values)

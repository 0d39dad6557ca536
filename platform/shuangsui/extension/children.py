"""Child processes in which plugins talk to the outside: limited, with next to nothing in their environment, kept for
the next question.

A plugin that talks to a network may hang, eat memory or die; none of this may reach whoever asked for it. A child
belongs to one tenant and one plugin, answers one question at a time, and is replaced after so many or after a while.
Frames in both directions: one line of JSON with the ``size`` of what follows, then these bytes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import shuangsui
from shuangsui.errors import OutsideFailed
from shuangsui.extension import options
from shuangsui.extension.lanes import lanes
from shuangsui.extension.loading import host
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Setting, Tenant

_SOURCE_ROOT = Path(shuangsui.__file__).parents[1]
_PASSED = (
    "PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
    "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
)  # fmt: skip
"""What a child may know besides its own secrets: the way out, and whom to trust there."""
_LIBRARIES = {"MALLOC_ARENA_MAX": "2", "TOKIO_WORKER_THREADS": "2"}
"""Address space is limited, and libraries that reserve some of it for every core would run into that."""
_LONGEST_HEAD = 8 << 20
USES, AGE = 200, 60.0
"""So many questions, and so many seconds, before a child is replaced: its configuration is as old as it is."""
KEPT = 8
"""So many idle children of all tenants and plugins together; each costs the memory of a Python with its plugin."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may cost: seconds of waiting and of work, bytes of memory, bytes of the answer."""

    seconds: int = 600
    memory: int = 2 << 30
    file: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Question:
    """``call`` is what the child does, ``head`` what it needs to know, ``body`` the bytes that go with it."""

    plugin: str
    call: str
    head: Mapping[str, Any]
    body: bytes = b""


class Child:
    """One process; whatever it started dies with it."""

    def __init__(self, tenant: Tenant, plugin: str, settings: Settings, limits: Limits) -> None:
        """Started, not asked yet."""
        figures = (f"{limits.memory}", f"{limits.seconds}", f"{limits.file}")
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", "shuangsui.extension.child", *figures],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=_environment(tenant, plugin, settings), start_new_session=True,
        )  # fmt: skip
        self.uses, self.born = 0, time.monotonic()
        self._ending = threading.Lock()

    def ask(self, tenant: Tenant, question: Question, limits: Limits) -> tuple[dict[str, Any], bytes]:
        """The answer; :class:`OutsideFailed` for what the plugin complains of, and if it hangs or dies."""
        self.uses += 1
        late = threading.Event()
        timer = threading.Timer(limits.seconds, self._stop, [late])
        timer.start()
        try:
            asked = {"tenant": described(tenant, question.plugin), "plugin": question.plugin, "call": question.call}
            head, body = self._exchange({**asked, **question.head}, question.body, limits)
        except (OSError, ValueError, KeyError, TypeError) as error:
            self.end()
            gone = self._gone(question, limits, late=late.is_set())
            lanes.of(question.plugin).note(question.call, gone)
            raise gone from error
        finally:
            timer.cancel()
        if "error" in head:
            raise OutsideFailed(head["error"], permanent=head["permanent"], **head["params"])
        return head, body

    @property
    def fit(self) -> bool:
        """Whether it may be asked once more."""
        return self.process.poll() is None and self.uses < USES and time.monotonic() - self.born < AGE

    def end(self) -> None:
        """Kill it and everything it started; the clock and whoever asked may both want that."""
        with self._ending:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                with suppress(OSError):  # what it never read
                    stream.close()

    def _stop(self, late: threading.Event) -> None:
        late.set()
        self.end()

    def _exchange(self, head: Mapping[str, Any], body: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
        assert self.process.stdin
        assert self.process.stdout
        send(self.process.stdin, head, body)
        answer = receive(self.process.stdout, limits.file)
        if answer is None:
            raise ValueError("nothing")
        return answer

    def _gone(self, question: Question, limits: Limits, *, late: bool) -> OutsideFailed:
        if late:
            return OutsideFailed("plugin_too_slow", plugin=question.plugin, step=question.call, seconds=limits.seconds)
        status = self.process.returncode
        return OutsideFailed("plugin_died", plugin=question.plugin, step=question.call, status=status)


class Pool:
    """Idle children by tenant, plugin and the secrets they have; a question takes one of them, or a new one."""

    def __init__(self) -> None:
        self._idle: dict[tuple[str, str, str], list[Child]] = {}
        self._lock = threading.Lock()

    def ask(
        self, tenant: Tenant, question: Question, settings: Settings, limits: Limits
    ) -> tuple[dict[str, Any], bytes]:
        """As :meth:`Child.ask`; the child is kept if it is fit."""
        secrets = _given(tenant, question.plugin, settings)
        key = (tenant.slug, question.plugin, f"{settings.tenants}/{limits}/{secrets}")
        child = self._take(key) or Child(tenant, question.plugin, settings, limits)
        try:
            return child.ask(tenant, question, limits)
        finally:
            self._give_back(key, child)

    def close(self) -> None:
        """End every idle child."""
        with self._lock:
            idle = [child for children in self._idle.values() for child in children]
            self._idle.clear()
        for child in idle:
            child.end()

    def _take(self, key: tuple[str, str, str]) -> Child | None:
        while True:
            with self._lock:
                children = self._idle.get(key)
                child = children.pop() if children else None
            if child is None or child.fit:
                return child
            child.end()

    def _give_back(self, key: tuple[str, str, str], child: Child) -> None:
        """Keep it if it is fit, and let go of what no longer is, or is too much."""
        with self._lock:
            self._idle.setdefault(key, []).append(child)
            surplus = self._surplus()
        for one in surplus:
            one.end()

    def _surplus(self) -> list[Child]:
        """Take out the idle children that are not fit, and the oldest beyond :data:`KEPT`."""
        idle = [one for children in self._idle.values() for one in children]
        kept = sorted((one for one in idle if one.fit), key=lambda one: one.born)[-KEPT:]
        self._idle = {key: left for key, all_ in self._idle.items() if (left := [one for one in all_ if one in kept])}
        return [one for one in idle if one not in kept]


def send(stream: IO[bytes], head: Mapping[str, Any], body: bytes) -> None:
    """One frame."""
    stream.write(json.dumps({**head, "size": len(body)}, ensure_ascii=False).encode() + b"\n" + body)
    stream.flush()


def receive(stream: IO[bytes], limit: int) -> tuple[dict[str, Any], bytes] | None:
    """The next frame; None at the end. ``ValueError`` for one that is broken off or too long."""
    line = stream.readline(_LONGEST_HEAD)
    if not line:
        return None
    head: dict[str, Any] = json.loads(line)
    size = int(head.pop("size"))
    if not 0 <= size <= limit:
        raise ValueError(size)
    body = stream.read(size)
    if len(body) != size:
        raise ValueError(len(body))
    return head, body


def described(tenant: Tenant, plugin: str) -> dict[str, Any]:
    """What a child is told of the tenant: its name and the options of the one plugin, with their places."""
    options = {key: [one.value, one.file, one.line] for key, one in tenant.options(plugin).items()}
    return {"slug": tenant.slug, "options": options}


def tenant_of(told: Mapping[str, Any], plugin: str) -> Tenant:
    """The tenant as far as the child needs it."""
    settings = {"plugins": Setting((plugin,), "", 1)}
    for key, (value, file, line) in told["options"].items():
        settings[f"options.{plugin}.{key}"] = Setting(tuple(value) if isinstance(value, list) else value, file, line)
    return Tenant(told["slug"], "", "", None, (), (), {}, settings, ())


def _given(tenant: Tenant, plugin: str, settings: Settings) -> tuple[str, ...]:
    loaded = next(one for one in host(settings).plugins if one.name == plugin)
    return options.given(tenant, loaded)


def _environment(tenant: Tenant, plugin: str, settings: Settings) -> dict[str, str]:
    """Where the child finds code and configuration, and the secrets that it is given."""
    names = (*_PASSED, *_given(tenant, plugin, settings))
    passed = {name: os.environ[name] for name in names if name in os.environ}
    paths = [str(_SOURCE_ROOT), *(path for path in sys.path if path)]
    own = {
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "SHUANGSUI_VAR": str(settings.var.resolve()),
        "SHUANGSUI_PLUGINS": plugin,
    }
    return {**passed, **_LIBRARIES, **own}

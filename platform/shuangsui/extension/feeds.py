"""Registry feeds of plugins, each fetched in a limited child process with next to nothing in its environment.

A feed talks to a network, so it may hang, eat memory or die; none of this may reach whoever asked for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

import shuangsui
from shuangsui.contracts import FeedFile, FeedState
from shuangsui.errors import BadInput, NotFound, OutsideFailed
from shuangsui.extension import options, service
from shuangsui.extension.isolation import Absent, LoadedFeed
from shuangsui.extension.points import FEEDS
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant

STEP = "fetch"
_SOURCE_ROOT = Path(shuangsui.__file__).parents[1]
_PASSED = (
    "PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
    "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
)  # fmt: skip
"""What a child may know besides its own secrets: the way out, and whom to trust there."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost: seconds of waiting and of work, bytes of memory, bytes of the file."""

    seconds: int = 600
    memory: int = 2 << 30
    file: int = 1 << 30


def feeds(tenant: Tenant, settings: Settings | None = None) -> list[LoadedFeed | Absent]:
    """The registry feeds of the tenant's plugins; a plugin that fails to answer stands there as a failing one."""
    return service.offered(FEEDS, tenant, settings)


def key_of(feed: LoadedFeed | Absent) -> str:
    """``plugin/name``: what a person types, and what stands in the history."""
    return feed.plugin if isinstance(feed, Absent) else f"{feed.plugin}/{feed.name}"


def chosen(tenant: Tenant, key: str | None, settings: Settings | None = None) -> LoadedFeed:
    """The feed ``key``, or the only one; the failure of its plugin, :class:`NotFound` or :class:`BadInput`."""
    found = {key_of(feed): feed for feed in feeds(tenant, settings)}
    known = "、".join(found) or "（无）"
    if key is None and len(found) > 1:
        raise BadInput("feed_unnamed", known=known)
    feed = next(iter(found.values()), None) if key is None else found.get(key) or found.get(key.partition("/")[0])
    if feed is None:
        raise NotFound("feed_missing", feed=key or "", known=known)
    if isinstance(feed, Absent):
        raise feed.error
    return feed


def fetch(
    tenant: Tenant, feed: LoadedFeed, last: FeedState | None, settings: Settings, limits: Limits | None = None
) -> FeedFile:
    """What the feed hands over; :class:`OutsideFailed` for whatever else happens in the child."""
    limits = limits or Limits()
    asked = {"tenant": tenant.slug, "plugin": feed.plugin, "feed": feed.name}
    state = {"day": last.day.isoformat(), "mark": last.mark} if last else None
    with tempfile.TemporaryFile() as out:
        _run(feed.plugin, {**asked, "last": state}, _environment(tenant, feed, settings), limits, out)
        out.seek(0)
        return _answer(feed.plugin, out)


def _run(plugin: str, asked: Mapping[str, object], env: dict[str, str], limits: Limits, out: IO[bytes]) -> None:
    """Let the child write to ``out``; whatever it started dies with it."""
    figures = (f"{limits.memory}", f"{limits.seconds}", f"{limits.file}")
    command = [sys.executable, "-P", "-s", "-m", "shuangsui.extension.feed_child", *figures]
    with _child(command, env, out) as child:
        try:
            child.communicate(json.dumps(asked).encode(), timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            raise OutsideFailed("plugin_too_slow", plugin=plugin, step=STEP, seconds=limits.seconds) from None
    if child.returncode:
        raise OutsideFailed("plugin_died", plugin=plugin, step=STEP, status=child.returncode)


@contextmanager
def _child(command: list[str], env: dict[str, str], out: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, which ends with this block."""
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.DEVNULL, env=env, start_new_session=True
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, 9)
            child.communicate()


def _answer(plugin: str, out: IO[bytes]) -> FeedFile:
    """The child's first line says what follows; what it did not finish was never handed over."""
    try:
        head: dict[str, Any] = json.loads(out.readline())
        if "error" in head:
            raise OutsideFailed(head["error"], permanent=head["permanent"], **head["params"])
        data = None if head["size"] is None else out.read()
        if data is not None and len(data) != head["size"]:
            raise ValueError(len(data))
        return FeedFile(date.fromisoformat(head["day"]), data, head["complete"], head["mark"])
    except (ValueError, KeyError, TypeError) as error:
        raise OutsideFailed("plugin_died", plugin=plugin, step=STEP, status=0) from error


def _environment(tenant: Tenant, feed: LoadedFeed, settings: Settings) -> dict[str, str]:
    """Where the child finds code and configuration, and the secrets that the plugin's options name."""
    plugin = next(one for one in service.host(settings.plugins).plugins if one.name == feed.plugin)
    names = {*_PASSED, *options.secrets(options.checked(tenant, plugin))}
    passed = {name: os.environ[name] for name in names if name in os.environ}
    paths = [str(_SOURCE_ROOT), *(path for path in sys.path if path)]
    own = {
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        "SHUANGSUI_TENANTS": str(settings.tenants.resolve()),
        "SHUANGSUI_VAR": str(settings.var.resolve()),
        "SHUANGSUI_PLUGINS": feed.plugin,
    }
    return {**passed, **own}

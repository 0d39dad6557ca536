"""Registry feeds of plugins, each fetched in a child process, see :mod:`shuangsui.extension.children`."""

from __future__ import annotations

from datetime import date

from shuangsui.contracts import FeedFile, FeedState
from shuangsui.errors import BadInput, NotFound, OutsideFailed
from shuangsui.extension import service
from shuangsui.extension.children import Child, Limits, Question
from shuangsui.extension.isolation import Absent, LoadedFeed
from shuangsui.extension.points import FEEDS
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant


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
    """What the feed hands over; :class:`OutsideFailed` for whatever else happens in the child.

    A file may be large, so the child is not kept.
    """
    limits = limits or Limits()
    state = {"day": last.day.isoformat(), "mark": last.mark} if last else None
    question = Question(feed.plugin, "fetch", {"name": feed.name, "last": state})
    child = Child(tenant, feed.plugin, settings, limits)
    try:
        said, data = child.ask(tenant, question, limits)
        return FeedFile(date.fromisoformat(said["day"]), None if said["none"] else data, said["complete"], said["mark"])
    except (ValueError, KeyError, TypeError) as error:
        raise OutsideFailed("plugin_died", plugin=feed.plugin, step="fetch", status=0) from error
    finally:
        child.end()

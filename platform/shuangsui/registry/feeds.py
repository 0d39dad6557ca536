"""Registry feeds pulled into their registry (R6.4): through the intake of a file, whole or not at all.

Freshness is that of content which was really taken: neither a failure nor a feed's word that nothing has changed moves
it. So a mark is used only while the last complete file is young; before it would be warned of, everything is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlmodel import col, select

from shuangsui import db
from shuangsui.access.service import require
from shuangsui.contracts import FeedFile, FeedState
from shuangsui.db import TenantSession, now
from shuangsui.errors import BadInput, OutsideFailed, ShuangsuiError
from shuangsui.extension import feeds
from shuangsui.extension.children import Limits
from shuangsui.extension.isolation import LoadedFeed
from shuangsui.ledger.alerts import CLOCK, clear_alert, raise_alert
from shuangsui.ledger.service import record
from shuangsui.registry import history, read
from shuangsui.registry.completing import complete_file
from shuangsui.registry.service import Imported, Origin, good_file, take_in
from shuangsui.registry.shelves import shelf_of
from shuangsui.registry.tables import RegistryImport
from shuangsui.rules.policy import Rules
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant

FAILED = "feed_failed"
ARTICLE = "第六条"
_SPARED = 20
"""A registry so small may change altogether."""


@dataclass(frozen=True, slots=True)
class Puller:
    """Who pulls one feed of one tenant, under which rules and limits."""

    engine: Engine
    tenant: Tenant
    feed: LoadedFeed
    rules: Rules
    settings: Settings
    actor: str
    limits: Limits = field(default_factory=Limits)

    @property
    def key(self) -> str:
        """``plugin/name``."""
        return feeds.key_of(self.feed)

    @property
    def subject(self) -> str:
        """The feed in alerts and in the ledger."""
        return subject_of(self.key)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did; ``imported`` None: the register itself says that nothing has changed since ``day``."""

    feed: str
    file: FeedFile
    imported: Imported | None


def subject_of(feed: str) -> str:
    """``plugin/name`` in alerts and in the ledger."""
    return f"feed/{feed}"


def pull(by: Puller) -> Pulled:
    """Fetch and take in. What goes wrong is one ledger row and an alert, and nothing of the registry has changed.

    Time itself may pull (:data:`shuangsui.ledger.alerts.CLOCK`), for an administrator has switched the feed on.
    """
    with db.session(by.engine, by.tenant.slug, readonly=True) as session:
        if by.actor != CLOCK:
            require(session, by.actor, "import_registry")
        last = resumable(session, by)
    try:
        file = feeds.fetch(by.tenant, by.feed, last, by.settings, by.limits)
        with db.session(by.engine, by.tenant.slug) as session:
            return _taken(session, by, last, file)
    except ShuangsuiError as error:
        with db.session(by.engine, by.tenant.slug) as session:
            _note_failure(session, by, error)
        raise


def resumable(session: TenantSession, by: Puller) -> FeedState | None:
    """The state that the feed may go on from; None if everything is wanted.

    It is, once the last complete file is as old as the day of warning, and where another file came in between.
    """
    newest = history.last_import(session, by.feed.kind)
    whole = _last_whole(session, by)
    if newest is None or whole is None or newest.feed != by.key or newest.day is None:
        return None
    age = history.legal(now(session)) - history.as_of(whole)
    if age.days >= by.rules.number("registry.feed_warn_days"):
        return None
    return FeedState(newest.day, newest.mark or "")


def _last_whole(session: TenantSession, by: Puller) -> RegistryImport | None:
    query = select(RegistryImport).where(
        RegistryImport.kind == by.feed.kind, RegistryImport.feed == by.key, col(RegistryImport.partial).is_(False)
    )
    return session.exec(query.order_by(col(RegistryImport.at).desc(), col(RegistryImport.id).desc())).first()


def _taken(session: TenantSession, by: Puller, last: FeedState | None, file: FeedFile) -> Pulled:
    """The file as the registry's state, or its word that nothing has changed, and the end of the alert."""
    _check_day(session, by, file)
    imported = None
    if file.data is not None:
        imported = _imported(session, by, file, file.data)
    elif last is None:
        raise OutsideFailed("feed_unasked", feed=by.key)
    else:
        payload = {"feed": by.key, "day": file.day.isoformat(), "mark": file.mark}
        record(session, "registry.feed_unchanged", actor=by.actor, subject=by.subject, payload=payload)
    clear_alert(session, FAILED, by.subject)
    return Pulled(by.key, file, imported)


def _check_day(session: TenantSession, by: Puller, file: FeedFile) -> None:
    """A state is neither of tomorrow nor older than the last one of the same feed."""
    today = history.legal(now(session))
    if file.day > today:
        raise OutsideFailed("feed_of_tomorrow", feed=by.key, day=file.day.isoformat(), today=today.isoformat())
    newest = history.last_day(session, by.feed.kind, by.key)
    if newest and file.day < newest:
        raise OutsideFailed("feed_goes_back", feed=by.key, day=file.day.isoformat(), last=newest.isoformat())


def _imported(session: TenantSession, by: Puller, file: FeedFile, data: bytes) -> Imported:
    shelf, size = shelf_of(by.feed.kind), read.sizes(session)[by.feed.kind]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{by.feed.plugin}-{by.feed.name}-{file.day}.csv"
        complete_file(session, data, path)
        origin = Origin(by.key, file.day, file.mark)
        good = good_file(path, by.feed.kind)
        done = take_in(session, shelf, good, actor=by.actor, partial=not file.complete, origin=origin)
    if size > _SPARED and done.removed * 2 > size:
        raise BadInput("feed_removes_most", feed=by.key, removed=done.removed, size=size)
    return done


def _note_failure(session: TenantSession, by: Puller, error: ShuangsuiError) -> None:
    """Each failed pull is a row; the alert is raised once and stays until a pull succeeds."""
    said = {name: str(value)[:500] for name, value in error.params.items()}
    payload = {"feed": by.key, "code": error.code, "params": said}
    record(session, "registry.feed_failed", actor=by.actor, subject=by.subject, payload=payload)
    raise_alert(session, FAILED, by.subject, article=ARTICLE, facts={"code": error.code})

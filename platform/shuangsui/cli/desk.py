"""Where commands of a tenant work: its configuration, its database, its keys, and publishing after each act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine

from shuangsui import db
from shuangsui.cli.common import settings
from shuangsui.cli.config import checked_tree
from shuangsui.db import TenantSession
from shuangsui.disclosure import publishing
from shuangsui.disclosure.following import follow_draw, portal_of, press_of
from shuangsui.draws import witnessing
from shuangsui.draws.office import Office
from shuangsui.draws.tables import Draw
from shuangsui.extension.overlay import seated
from shuangsui.extension.switching import Switchboard
from shuangsui.ledger.keys import Keyring
from shuangsui.migrations import metadata, migrate
from shuangsui.privacy.writing import know_own
from shuangsui.settings import Settings
from shuangsui.tenancy.tree import Tree
from shuangsui.vault import resealing


@dataclass(frozen=True, slots=True)
class Desk:
    """One tenant's desk."""

    settings: Settings
    engine: Engine
    office: Office

    @contextmanager
    def session(self, *, readonly: bool = False) -> Iterator[TenantSession]:
        """One unit of work."""
        with db.session(self.engine, self.office.tenant.slug, readonly=readonly) as session:
            know_own(session, self.office.tenant)
            yield session

    def now(self, session: TenantSession) -> datetime:
        """The installation's clock."""
        return db.now(session)

    def after_act(self, draw: Draw, *, actor: str) -> None:
        """What follows an act on a draw once it is committed: cosignatures, then publication.

        :class:`OutsideFailed` ``done_not_published`` says that the act itself stands.
        """
        follow_draw(self.engine, self.office, draw.no, actor=actor, settings=self.settings)

    def publish_site(self, *, actor: str) -> None:
        """Publish item list, plans, every draw and every other page as they are in force."""
        witnessing.collect(self.engine, self.office, actor=actor)
        with self.session() as session:
            publishing.publish_site(session, self.office, press_of(self.office, self.settings), actor=actor)

    @property
    def portal(self) -> str:
        """Where the public site is published; empty if the portal names no address."""
        return portal_of(self.office)


def desk(tenant: str) -> Desk:
    """The desk of a tenant; the embedded database is brought to the newest revision on the way."""
    environment, tree = settings(), checked_tree()
    tree.get(tenant)
    engine = database(environment)
    with db.session(engine, tenant, readonly=True) as session:
        tree = seated(session, tree)
    return Desk(environment, engine, Office(tree, tree.get(tenant), Keyring(environment.master_key)))


def switchboard(files: Tree, environment: Settings) -> Switchboard:
    """Where plugins are switched; a key store that something is sealed under is not switched off."""
    return Switchboard(files, environment, partial(resealing.require_unneeded, metadata()))


def database(environment: Settings) -> Engine:
    """The application's database; PostgreSQL is migrated by its owner with ``shuangsui migrate``."""
    if environment.database.startswith("sqlite"):
        migrate(environment.database)
    return db.engine(environment)

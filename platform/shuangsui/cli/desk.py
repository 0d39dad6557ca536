"""Where commands of a tenant work: its configuration, its database, its keys, and publishing after each act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from shuangsui import db
from shuangsui.cli.common import settings
from shuangsui.cli.config import checked_tree
from shuangsui.db import TenantSession
from shuangsui.disclosure import publishing
from shuangsui.disclosure.publishing import Press
from shuangsui.draws import witnessing
from shuangsui.draws.office import Office
from shuangsui.draws.tables import Draw
from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.extension.service import channels
from shuangsui.ledger.keys import Keyring
from shuangsui.migrations import migrate
from shuangsui.settings import Settings
from shuangsui.texts import sentence
from shuangsui.web.rendering import render, static_files


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
            yield session

    def now(self, session: TenantSession) -> datetime:
        """The installation's clock."""
        return db.now(session)

    def after_act(self, draw: Draw, *, actor: str) -> None:
        """What follows an act on a draw once it is committed: cosignatures, then publication.

        :class:`OutsideFailed` ``done_not_published`` says that the act itself stands.
        """
        try:
            witnessing.collect(self.engine, self.office, actor=actor)
            with self.session() as session:
                publishing.publish_draw(session, self.office, self._press(), draw.no, actor=actor)
        except ShuangsuiError as error:
            raise OutsideFailed("done_not_published", draw=draw.no, why=sentence(error)) from error

    def publish_site(self, *, actor: str) -> None:
        """Publish item list, plans, every draw and every other page as they are in force."""
        witnessing.collect(self.engine, self.office, actor=actor)
        with self.session() as session:
            publishing.publish_site(session, self.office, self._press(), actor=actor)

    def _press(self) -> Press:
        """The pages of the web package through the tenant's channels; relative addresses if its portal names none."""
        statics = {path: file.read_bytes() for path, file in static_files().items()}
        return Press(render, statics, self.portal, channels(self.office.tenant, self.settings))

    @property
    def portal(self) -> str:
        """Where the public site is published; empty if the portal names no address."""
        address = self.office.tenant.options("channel-portal").get("address")
        return str(address.value) if address else ""


def desk(tenant: str) -> Desk:
    """The desk of a tenant; the embedded database is brought to the newest revision on the way."""
    tree = checked_tree()
    found = tree.get(tenant)
    environment = settings()
    return Desk(environment, database(environment), Office(tree, found, Keyring(environment.master_key)))


def database(environment: Settings) -> Engine:
    """The application's database; PostgreSQL is migrated by its owner with ``shuangsui migrate``."""
    if environment.database.startswith("sqlite"):
        migrate(environment.database)
    return db.engine(environment)

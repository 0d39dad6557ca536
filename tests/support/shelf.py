"""States that many tests begin with, built once per process and kind of database, then copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import func, select

from databases import Database, PostgresServer, SqliteFiles
from shuangsui import db
from shuangsui.db import TenantSession, move_clock, now
from shuangsui.db.clock import offset
from shuangsui.ledger.tables import LedgerEntry

UNTOUCHED = (0, timedelta())
"""How a database looks before anything was done."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A database as it was at a simulated moment, and the files beside it."""

    database: Database
    folder: Path
    moment: datetime


@dataclass
class Shelf:
    """Where one kind of database keeps its states."""

    maker: SqliteFiles | PostgresServer
    folder: Path
    kept: dict[Hashable, Kept] = field(default_factory=dict)

    def once(self, place: Place, key: Hashable, build: Callable[[], object]) -> None:
        """Build the state at its first use; from then on put it where ``place`` is, its clock as it was."""
        if key in self.kept:
            self._put(self.kept[key], place)
        else:
            build()
            self.kept[key] = self._keep(place)

    def _keep(self, place: Place) -> Kept:
        with place.session() as session:
            moment = now(session)
        place.engine.dispose()
        folder = self.folder / str(len(self.kept))
        shutil.copytree(place.folder, folder)
        return Kept(self.maker.copy(place.database), folder, moment)

    def _put(self, kept: Kept, place: Place) -> None:
        place.engine.dispose()
        self.maker.replace(place.database, kept.database)
        shutil.copytree(kept.folder, place.folder, dirs_exist_ok=True)
        with place.session() as session:
            move_clock(session, kept.moment - now(session))


@dataclass(frozen=True, slots=True)
class Place:
    """One test's database and folder."""

    shelf: Shelf
    database: Database
    engine: Engine
    folder: Path

    def session(self) -> TenantSession:
        """A unit of work of the first tenant."""
        return db.session(self.engine, "chongqing")

    def looks(self) -> tuple[int, timedelta]:
        """How many acts its ledger holds, and how far its clock is ahead: whether a test has done anything since."""
        with self.session() as session:
            return session.exec(select(func.count()).select_from(LedgerEntry)).one(), offset(session)

"""People with addresses, notifiers that a test steers, and the worker between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from authority import Authority
from shuangsui import db
from shuangsui.contracts import Health
from shuangsui.errors import OutsideFailed
from shuangsui.extension import service
from shuangsui.extension.isolation import Absent, LoadedNotifier
from shuangsui.ledger.alerts import raise_alert
from shuangsui.ledger.tables import Alert, AlertLevel
from shuangsui.notification import recipients
from shuangsui.notification.tables import Notification
from shuangsui.notified import AddressKind, Message, MessageReceipt
from shuangsui.outbox import enqueue
from shuangsui.settings import Settings
from shuangsui.vault.service import Vault
from shuangsui.worker.process import drain, runner_of
from workbench import ROOT

BREACH, WARN = AlertLevel.BREACH, AlertLevel.WARN


@dataclass
class Box:
    """A notifier that keeps what it got, or fails as it is told."""

    name: str = "box"
    address_kind: AddressKind = "email"
    got: list[Message] = field(default_factory=list)
    fail: Callable[[Message], None] = lambda _message: None

    def send(self, message: Message) -> MessageReceipt:
        self.fail(message)
        self.got.append(message)
        return MessageReceipt(self.name, message.id, f"no. {len(self.got)}")

    def check(self) -> Health:
        return Health(ok=True, message="可以使用。")

    @property
    def way(self) -> LoadedNotifier:
        """As the platform meets it."""
        return LoadedNotifier("mailer", self.name, self.address_kind, self)

    @property
    def told(self) -> list[str]:
        """Who got something, in this order."""
        return [message.address for message in self.got]


def down(_message: Message) -> None:
    """What passes."""
    raise OutsideFailed("x", problem="没有答复")


def refusing(_message: Message) -> None:
    """What does not."""
    raise OutsideFailed("x", permanent=True, problem="没有这个号码")


@dataclass
class Desk:
    """The notifiers of each tenant, and everything that a worker does there."""

    authority: Authority
    folder: Path
    ways: dict[str, Sequence[LoadedNotifier | Absent]] = field(default_factory=dict)

    @classmethod
    def of(cls, authority: Authority, folder: Path, patch: pytest.MonkeyPatch) -> Desk:
        """Notifiers stand here and in no plugin."""
        made = cls(authority, folder)
        patch.setattr(service, "notifiers", lambda tenant, _settings=None: list(made.ways.get(tenant.slug, [])))
        return made

    def address(self, login: str, tenant: str = "chongqing", **kinds: str) -> None:
        """By the person's own hand."""
        office = self.authority.office
        vault = Vault.of(office.tree.get(tenant), office.keyring)
        with db.session(self.authority.engine, tenant) as session:
            for kind, text in kinds.items():
                recipients.set_address(session, vault, login, kind, text, by=login)

    def alarm(
        self, subject: str = "result/2026-0001-1", level: AlertLevel = BREACH, to: Sequence[str] = ("leader",),
        tenant: str = "chongqing", kind: str = "publication_late", **more: Any,
    ) -> Alert:  # fmt: skip
        """An alert, as a watch raises it."""
        with db.session(self.authority.engine, tenant) as session:
            made = raise_alert(session, kind, subject, level=level, to=to, **more)
            session.flush()
            session.expunge_all()
            return made

    def ask(self, job: str, tenant: str = "chongqing", **arguments: str) -> None:
        """Work, asked for by a test."""
        with db.session(self.authority.engine, tenant) as session:
            enqueue(session, job, **arguments)

    def work(self, tenant: str = "chongqing") -> int:
        """Everything that is due; how many pieces were run."""
        key = self.authority.folder / "master.key"
        settings = Settings(var=self.folder, tenants=ROOT / "tenants", key_file=key)
        return drain(runner_of(self.authority.engine, settings), self.authority.engine, tenant)

    def rows(self, tenant: str = "chongqing") -> list[Notification]:
        """Every notification, the oldest first."""
        with db.session(self.authority.engine, tenant, readonly=True) as session:
            found = list(session.exec(select(Notification).order_by(Notification.made_at, Notification.id)))
            session.expunge_all()
            return found

    def states(self, tenant: str = "chongqing") -> list[str]:
        """Of all of them."""
        return [row.state.value for row in self.rows(tenant)]

    def until(self, moment: datetime) -> None:
        """Move the clock."""
        with self.authority.session() as session:
            db.move_clock(session, moment - db.now(session))

    def wait(self, **time: float) -> None:
        """For so long."""
        self.until(self.now() + timedelta(**time))

    def now(self) -> datetime:
        """By the installation's clock."""
        with self.authority.session() as session:
            return db.now(session)


def words(error: Mapping[str, Any] | None) -> str:
    """What is kept of an error."""
    return str(error)

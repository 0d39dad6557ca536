"""What a draw needs besides its session: the authority, the rules of the day, the keys outside the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from fairdraw.log import Log
from fairdraw.log import read as read_log
from shuangsui.catalogue.phrases import Level
from shuangsui.catalogue.tables import Item
from shuangsui.db import TenantSession, lock_tenant
from shuangsui.draws.tables import Draw, DrawFile, DrawState
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.extension import entropy
from shuangsui.extension.isolation import Absent, LoadedSource
from shuangsui.extension.rulebook import in_force
from shuangsui.ledger import service as ledger
from shuangsui.ledger.keys import Keyring, Signer
from shuangsui.ledger.tables import KeyRole
from shuangsui.rules.policy import Rules
from shuangsui.tenancy.tenant import Tenant
from shuangsui.tenancy.tree import Tree
from shuangsui.vault.service import Vault

STATE_NAMES = {
    DrawState.FROZEN: "已冻结，待承诺", DrawState.COMMITTED: "已承诺，待公开随机事件和揭示",
    DrawState.REVEALING: "揭示中", DrawState.DRAWN: "已抽取", DrawState.ABANDONED: "已作废",
    DrawState.WITHDRAWN: "已撤回", DrawState.VOID: "已有结果后作废",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """One authority at work."""

    tree: Tree
    tenant: Tenant
    keyring: Keyring

    def rules(self, on: date) -> Rules:
        """Its rules on a day, those of its plugins included."""
        return in_force(self.tree, self.tenant.slug, on)

    def entropy(self) -> list[LoadedSource | Absent]:
        """The entropy sources of its plugins."""
        return entropy.sources(self.tenant)

    @property
    def vault(self) -> Vault:
        """What seals and opens its telephones and the like; one for each request or piece of work."""
        return Vault.of(self.tenant, self.keyring)

    @property
    def level(self) -> Level:
        """Which of an item's caps and frequencies apply to it."""
        return self.tenant.kind

    @property
    def operator(self) -> str:
        """The authority's own name among the secret holders."""
        return f"{self.tenant.slug}-operator"

    @property
    def quorum(self) -> int:
        """How many of its witnesses must have cosigned a plan before its event; 0 if it names none."""
        witnesses = len(self.tenant.witnesses)
        return witnesses // 2 + 1 if witnesses else 0

    def log_signer(self, session: TenantSession, *, actor: str) -> Signer:
        """The key that signs checkpoints of its log."""
        return ledger.signer(session, self.keyring, KeyRole.LOG, self.tenant.log_origin, actor=actor)

    def contributor(self, session: TenantSession, *, actor: str) -> Signer:
        """The key that signs its commitments."""
        return ledger.signer(session, self.keyring, KeyRole.CONTRIBUTOR, self.operator, actor=actor)

    def seal(self, secret: bytes, draw: Draw, what: str) -> bytes:
        """A secret of one draw under the master key; it opens for the same draw and purpose only."""
        return self.keyring.seal(secret, tenant=self.tenant.slug, purpose=f"draw/{what}", row=draw.no)

    def open(self, sealed: bytes, draw: Draw, what: str) -> bytes:
        """What :meth:`seal` sealed."""
        return self.keyring.open(sealed, tenant=self.tenant.slug, purpose=f"draw/{what}", row=draw.no)


def find(session: TenantSession, no: str) -> Draw:
    """A draw by its number; :class:`NotFound` ``draw_missing``."""
    found = session.exec(select(Draw).where(Draw.no == no)).one_or_none()
    if found is None:
        raise NotFound("draw_missing", draw=no)
    return found


def find_to_change(session: TenantSession, no: str) -> Draw:
    """The same, read under the tenant's lock: nobody else changes it before this transaction ends."""
    lock_tenant(session)
    query = select(Draw).where(Draw.no == no).execution_options(populate_existing=True)
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound("draw_missing", draw=no)
    return found


def require_state(draw: Draw, act: str, *states: DrawState) -> None:
    """Refuse ``act`` unless the draw is in one of ``states``; ``draw_state``."""
    if draw.state not in states:
        raise RuleRefused("draw_state", draw=draw.no, state=STATE_NAMES[draw.state], act=act)


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What a draw's item says, whoever's list it stands in; ``withheld``: its list does not publish results."""

    code: str
    name: str
    family: str
    modes: list[str]
    method: str
    publication: str
    withheld: bool
    grounds: str = ""
    """抽查依据"""
    content: str = ""
    """抽查内容"""

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return asdict(self)


def facts_of(session: TenantSession, draw: Draw) -> ItemFacts:
    """The item of a draw: of the own list, or as the sender or the exemption stated it."""
    if draw.item_id is None:
        return ItemFacts(**(draw.item_facts or {}))
    item = session.find(Item, draw.item_id)
    assert item is not None
    return item_facts(item)


def item_facts(item: Item) -> ItemFacts:
    """The same of one version of an item."""
    return ItemFacts(
        item.code, item.name, item.family, list(item.modes), item.method or "", item.publication or "", item.withheld,
        item.basis or "", item.content or "",
    )  # fmt: skip


def all_draws(session: TenantSession) -> Sequence[Draw]:
    """Every draw of the tenant, the newest first."""
    return session.exec(select(Draw).order_by(col(Draw.frozen_at).desc(), col(Draw.no).desc())).all()


def draw_log(session: TenantSession) -> Log:
    """The tenant's draw log, checked from entry 0."""
    data = log_bytes(session)
    return read_log(data) if data else Log("", "", [], {})


def log_bytes(session: TenantSession) -> bytes:
    """``log.jsonl``."""
    return b"".join(line + b"\n" for line in ledger.draw_log(session))


def put_file(session: TenantSession, draw: Draw, name: str, data: bytes) -> None:
    """Keep a file of a draw; it is never written twice."""
    session.add(DrawFile(draw_id=draw.id, name=name, data=data))


def get_file(session: TenantSession, draw: Draw, name: str) -> bytes:
    """A kept file's bytes."""
    query = select(DrawFile.data).where(DrawFile.draw_id == draw.id, DrawFile.name == name)
    return session.exec(query).one()


def file_names(session: TenantSession, draw: Draw) -> set[str]:
    """Names of the kept files."""
    return set(session.exec(select(DrawFile.name).where(DrawFile.draw_id == draw.id)))

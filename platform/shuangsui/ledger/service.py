"""Use cases of the two chains. Record an act as the last step of its transaction: it locks the tenant's numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError, InternalError, ProgrammingError
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from fairdraw.checkpoint import LOG_KEY, Trust, log_root, note_text, read_trust, signature_line
from fairdraw.failures import Failure
from fairdraw.log import ZERO
from shuangsui import traces
from shuangsui.db import TenantSession, last_number, lock_tenant, new_id, next_number, now
from shuangsui.errors import NotFound, OutsideFailed, RuleRefused
from shuangsui.ledger import policy, rollback, tenure
from shuangsui.ledger.keys import Keyring, Signer, new_key, open_key, verifier_key
from shuangsui.ledger.policy import Act, Fault, Line
from shuangsui.ledger.tables import Checkpoint, DrawLogEntry, KeyRole, LedgerEntry, SigningKey
from shuangsui.outbox import ask

LEDGER = "ledger"
"""Name of the ledger's numbers."""
UNREADABLE = (ValueError, TypeError, AttributeError)
"""What a column of SQLite raises that was filled by hand with something else."""

Row = TypeVar("Row", LedgerEntry, DrawLogEntry)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """How many rows were checked, and every fault found."""

    ledger: int
    drawlog: int
    checkpoints: int
    faults: tuple[Fault, ...]


def record(
    session: TenantSession,
    act: str,
    *,
    actor: str,
    subject: str,
    payload: Mapping[str, Any],
    drawlog: str | None = None,
) -> LedgerEntry:
    """Write one act (``area.verb``) into the ledger; ``drawlog`` is the hash of the draw-log entry made by it.

    An act that the public is to see asks for its publication in the same transaction. :class:`OutsideFailed`
    ``ledger_unwritable``: what cannot be written down is not done; :class:`RuleRefused` ``tenure_begins`` in an
    authority that begins nothing new.
    """
    rollback.check(session, act)
    tenure.check(session, act)
    n = next_number(session, LEDGER)
    last = session.exec(select(LedgerEntry).where(LedgerEntry.n == n - 1)).one_or_none()
    time = max(now(session), last.time) if last else now(session)
    prev = last.hash if last else ZERO
    text = policy.payload_text(payload)
    entry = Act(session.tenant, new_id(), n, time, actor, act, subject, text, drawlog, prev)
    row = LedgerEntry(
        id=entry.id, n=n, time=time, actor=actor, act=act, subject=subject, payload=text,
        drawlog=drawlog, prev=prev, hash=entry.hash,
    )  # fmt: skip
    session.flush()
    session.add(row)
    try:
        session.flush()
    except (ProgrammingError, IntegrityError, InternalError) as error:
        raise OutsideFailed("ledger_unwritable", act=act) from error
    traces.note("act", act=act)
    if act.startswith(policy.FOLLOWED):
        ask(session, policy.FOLLOW)
    return row


def append(
    session: TenantSession, kind: str, body: Mapping[str, Any], *, actor: str, origin: str, suite: str = "sha256"
) -> DrawLogEntry:
    """Append to the draw log, and the act to the ledger.

    The whole log is read first: no line is ever written that a verifier would refuse, nor one on top of a line that
    was tampered with. :class:`RuleRefused` ``log_refuses`` with the verifier's code.
    """
    lock_tenant(session)
    try:
        entry = policy.next_entry(
            draw_log(session), kind=kind, body=body, origin=origin, suite=suite, time=now(session)
        )
    except Failure as failure:
        raise RuleRefused("log_refuses", kind=kind, failure=failure.code, detail=failure.detail) from failure
    hash_, subject = entry.hash.hex(), f"{origin}#{entry.i}"
    act = record(session, f"drawlog.{kind.lower()}", actor=actor, subject=subject, payload=body, drawlog=hash_)
    row = DrawLogEntry(
        i=entry.i, kind=kind, seq=entry.seq, r=entry.r, line=entry.line.decode("ascii"), hash=hash_,
        time=datetime.fromisoformat(entry.time), ledger_n=act.n,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def draw_log(session: TenantSession) -> list[bytes]:
    """The lines of the public log, without their line feeds."""
    return [line.encode() for line in session.exec(select(DrawLogEntry.line).order_by(col(DrawLogEntry.i)))]


def signer(session: TenantSession, keyring: Keyring, role: KeyRole, name: str, *, actor: str) -> Signer:
    """The tenant's key of this role and name, made and recorded at first use; a log's key is named like its origin."""
    lock_tenant(session)
    key = session.exec(select(SigningKey).where(SigningKey.role == role, SigningKey.name == name)).one_or_none()
    if key is None:
        key = new_key(keyring, session.tenant, role, name)
        session.add(key)
        record(session, "key.make", actor=actor, subject=f"{role}/{name}", payload={"vkey": verifier_key(key)})
    return open_key(keyring, key)


def make_checkpoint(session: TenantSession, signer: Signer, *, actor: str) -> Checkpoint:
    """Sign the log as it is; the checkpoint of this size if there is one.

    :class:`NotFound` ``log_empty``; :class:`RuleRefused` ``log_broken`` for a log that was tampered with.
    """
    lock_tenant(session)
    lines = draw_log(session)
    if not lines:
        raise NotFound("log_empty", origin=signer.name)
    if existing := _checkpoint(session, len(lines)):
        return existing
    try:
        log = policy.read_lines(lines)
    except Failure as failure:
        raise RuleRefused("log_broken", failure=failure.code, detail=failure.detail) from failure
    text = note_text(log.origin, len(lines), log_root(lines, log.suite))
    signature = signature_line(signer.name, LOG_KEY, signer.public, signer.sign(text.encode()))
    made = Checkpoint(size=len(lines), text=f"{text}\n{signature}")
    session.add(made)
    record(session, "checkpoint.make", actor=actor, subject=f"{signer.name}@{made.size}", payload={"text": text})
    return made


def add_cosignature(session: TenantSession, size: int, line: str, *, witness: str, actor: str) -> Checkpoint:
    """Add a witness's line to the checkpoint of ``size``, once; ``witness`` is its vkey.

    :class:`RuleRefused` ``cosignature_invalid`` for a line that is not its signature of this checkpoint: a published
    checkpoint with one bad line fails as a whole.
    """
    lock_tenant(session)
    made = _checkpoint(session, size)
    if made is None:
        raise NotFound("checkpoint_missing", size=size)
    if line in made.text:
        return made
    if not policy.is_cosignature(line, made.text, witness):
        raise RuleRefused("cosignature_invalid", size=size, witness=witness.partition("+")[0])
    made.text += line
    session.add(made)
    record(session, "checkpoint.cosign", actor=actor, subject=f"{size}", payload={"line": line})
    return made


def verify(session: TenantSession) -> LedgerReport:
    """Check both chains against themselves, against each other, and against the checkpoints."""
    acts, bad_acts = _read(session, LedgerEntry, col(LedgerEntry.n), _act)
    lines, bad_lines = _read(session, DrawLogEntry, col(DrawLogEntry.i), _line)
    notes = {row.size: row.text for row in session.exec(select(Checkpoint).order_by(col(Checkpoint.size)))}
    faults = policy.all_faults(
        (Fault("ledger", n, "unreadable") for n in bad_acts),
        policy.ledger_faults(acts, last_number(session, LEDGER)),
        (Fault("drawlog", i, "unreadable") for i in bad_lines),
        policy.log_faults(lines, [act for act, _ in acts]),
        policy.checkpoint_faults(notes, [line.line for line in lines], _own_keys(session)),
    )
    return LedgerReport(len(acts), len(lines), len(notes), faults)


def _checkpoint(session: TenantSession, size: int) -> Checkpoint | None:
    return session.exec(select(Checkpoint).where(Checkpoint.size == size)).one_or_none()


def _own_keys(session: TenantSession) -> Trust:
    keys = session.exec(select(SigningKey).where(SigningKey.role == KeyRole.LOG))
    return read_trust("".join(f"log {verifier_key(key)}\n" for key in keys))


def _read(
    session: TenantSession, kind: type[Row], number: Mapped[int], value_of: Callable[[Row], Value]
) -> tuple[list[Value], list[int]]:
    """Values of all rows in order, and the numbers of rows that do not even hold values of their columns' types."""
    try:
        return [value_of(row) for row in session.exec(select(kind).order_by(number))], []
    except UNREADABLE:
        values: list[Value] = []
        broken: list[int] = []
        for n in session.exec(select(number).select_from(kind).order_by(number)).all():
            try:
                values.append(value_of(session.exec(select(kind).where(number == n)).one()))
            except UNREADABLE:
                broken.append(n)
        return values, broken


def _act(row: LedgerEntry) -> tuple[Act, str]:
    columns = (row.tenant_id, row.id, int(row.n), row.time, row.actor, row.act, row.subject, row.payload)
    return Act(*columns, row.drawlog, row.prev), row.hash


def _line(row: DrawLogEntry) -> Line:
    return Line(int(row.i), row.kind, row.seq, row.r, row.line.encode(), row.hash, row.time, row.ledger_n)

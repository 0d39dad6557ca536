"""A tenant as witness of another tenant's draw log (C2SP tlog-witness, srd-1 7.4).

It cosigns a checkpoint only if the log's pinned key signed it, if the log keeps the protocol, and if the log still
begins with what it cosigned last. The new head is committed before the signature leaves.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from sqlmodel import col, select

from fairdraw.checkpoint import (
    COSIGNATURE_KEY,
    Note,
    cosign_message,
    cosign_payload,
    note_text,
    read_note,
    read_trust,
    signature_line,
)
from fairdraw.failures import Failure
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger import policy
from shuangsui.ledger.keys import Keyring, Signer, open_key
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import KeyRole, LedgerEntry, SigningKey, WitnessHead
from shuangsui.tenancy.tenant import Tenant

COSIGN = "witness.cosign"


def witness_name(tenant: Tenant) -> str:
    """The name of a tenant's witness key."""
    return f"{tenant.log_origin}/witness"


def watch(session: TenantSession, log_key: str, *, actor: str) -> WitnessHead:
    """Begin to witness the log of the vkey ``log_key``; the key is pinned from now on.

    :class:`BadInput` ``log_key_invalid``; :class:`RuleRefused` ``witness_own_log``: it would prove nothing.
    """
    try:
        key = read_trust(f"log {log_key}\n").logs[0]
    except (ValueError, IndexError):
        raise BadInput("log_key_invalid", key=log_key) from None
    own = select(SigningKey).where(SigningKey.role == KeyRole.LOG, SigningKey.public == key.public)
    if session.exec(own).first():
        raise RuleRefused("witness_own_log", origin=key.name)
    if head := head_of(session, key.name):
        if head.log_key != log_key:
            raise RuleRefused("witness_other_key", origin=key.name)
        return head
    head = WitnessHead(origin=key.name, log_key=log_key)
    session.add(head)
    record(session, "witness.watch", actor=actor, subject=key.name, payload={"vkey": log_key})
    return head


def cosign(session: TenantSession, signer: Signer, checkpoint: str, lines: Sequence[bytes], *, actor: str) -> str:
    """Cosign ``checkpoint`` of a log whose first lines are ``lines``, and commit; the signature line with its LF.

    :class:`NotFound` ``witness_log_unknown``, or :class:`RuleRefused` with the reason of
    :func:`~shuangsui.ledger.policy.why_not_cosign`.
    """
    lock_tenant(session)
    note = _parsed(checkpoint)
    head = head_of(session, note.origin)
    if head is None:
        raise NotFound("witness_log_unknown", origin=note.origin)
    if reason := policy.why_not_cosign(note, lines, log_key=head.log_key, seen=(head.size, head.root)):
        raise RuleRefused(reason, origin=note.origin, size=note.size, seen=head.size)
    return sign(session, signer, head, note, actor=actor)


def sign(session: TenantSession, signer: Signer, head: WitnessHead, note: Note, *, actor: str) -> str:
    """Move the head to ``note``, which was checked, and commit; then the signature line with its LF."""
    time = int(now(session).timestamp())
    payload = cosign_payload(time, signer.sign(cosign_message(note.text, time)))
    head.size, head.root = note.size, note.root.hex()
    session.add(head)
    subject = f"{note.origin}@{note.size}"
    record(session, COSIGN, actor=actor, subject=subject, payload={"root": head.root, "time": time})
    session.commit()
    return signature_line(signer.name, COSIGNATURE_KEY, signer.public, payload)


def head_of(session: TenantSession, origin: str) -> WitnessHead | None:
    """What this tenant cosigned last of a log it witnesses, as it is now; None for a log it does not watch."""
    query = select(WitnessHead).where(WitnessHead.origin == origin).execution_options(populate_existing=True)
    return session.exec(query).one_or_none()


def newest(session: TenantSession, keyring: Keyring, name: str, log: str) -> str | None:
    """The checkpoint that this tenant cosigned last of the log whose origin has the SHA-256 ``log``, with the line of
    its key ``name``; None for a log of which it has cosigned nothing.

    The line is made again from the time that the ledger has: Ed25519 signs the same bytes the same way.
    """
    heads = session.exec(select(WitnessHead).where(WitnessHead.size > 0))
    head = next((one for one in heads if sha256(one.origin.encode()).hexdigest() == log), None)
    of_key = select(SigningKey).where(SigningKey.role == KeyRole.WITNESS, SigningKey.name == name)
    key = session.exec(of_key).one_or_none()
    if head is None or key is None:
        return None
    acts = select(LedgerEntry.payload).where(
        LedgerEntry.act == COSIGN, LedgerEntry.subject == f"{head.origin}@{head.size}"
    )
    time = json.loads(session.exec(acts.order_by(col(LedgerEntry.n).desc())).first() or "{}").get("time")
    if time is None:
        return None
    signer, text = open_key(keyring, key), note_text(head.origin, head.size, bytes.fromhex(head.root))
    payload = cosign_payload(time, signer.sign(cosign_message(text, time)))
    return f"{text}\n{signature_line(signer.name, COSIGNATURE_KEY, signer.public, payload)}"


def _parsed(checkpoint: str) -> Note:
    try:
        return read_note(checkpoint.encode(), "checkpoint")
    except Failure as failure:
        raise BadInput("checkpoint_invalid", detail=failure.detail) from failure

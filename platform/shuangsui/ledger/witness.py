"""A tenant as witness of another tenant's draw log (C2SP tlog-witness, srd-1 7.4).

It cosigns a checkpoint only if the log's pinned key signed it, if the log keeps the protocol, and if the log still
begins with what it cosigned last. The new head is committed before the signature leaves.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import select

from fairdraw.checkpoint import (
    COSIGNATURE_KEY,
    Note,
    cosign_message,
    cosign_payload,
    read_note,
    read_trust,
    signature_line,
)
from fairdraw.failures import Failure
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger import policy
from shuangsui.ledger.keys import Signer
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import KeyRole, SigningKey, WitnessHead


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
    record(session, "witness.cosign", actor=actor, subject=subject, payload={"root": head.root, "time": time})
    session.commit()
    return signature_line(signer.name, COSIGNATURE_KEY, signer.public, payload)


def head_of(session: TenantSession, origin: str) -> WitnessHead | None:
    """What this tenant cosigned last of a log it witnesses, as it is now; None for a log it does not watch."""
    query = select(WitnessHead).where(WitnessHead.origin == origin).execution_options(populate_existing=True)
    return session.exec(query).one_or_none()


def _parsed(checkpoint: str) -> Note:
    try:
        return read_note(checkpoint.encode(), "checkpoint")
    except Failure as failure:
        raise BadInput("checkpoint_invalid", detail=failure.detail) from failure

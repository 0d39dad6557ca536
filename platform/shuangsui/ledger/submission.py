"""A checkpoint that a log of anywhere submits to a witness of ours over HTTP: C2SP tlog-witness, ``add-checkpoint``.

The answers are those of the specification, and so are the checks and their order.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass

from fairdraw.checkpoint import Note, check_signatures, read_note, read_trust
from fairdraw.failures import Failure
from shuangsui.db import TenantSession, lock_tenant
from shuangsui.ledger.consistency import is_consistent
from shuangsui.ledger.keys import Signer
from shuangsui.ledger.tables import WitnessHead
from shuangsui.ledger.witness import head_of, sign

MOST = 63
SIZE_TYPE, TEXT = "text/x.tlog.size", "text/plain; charset=utf-8"
ACTOR = "os:witness"
"""Nobody asks a person before a witness signs."""
_OLD = re.compile(rb"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Submission:
    """What a request holds: size of the log at the last cosignature, the proof from there, and the checkpoint."""

    old: int
    path: tuple[bytes, ...]
    note: Note


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and its type."""

    status: int
    text: str = ""
    kind: str = TEXT


def read(data: bytes) -> Submission | None:
    """The request; None for one that is not of the specification's form."""
    head, blank, checkpoint = data.partition(b"\n\n")
    first, *proof = head.split(b"\n")
    old = _OLD.fullmatch(first)
    if not blank or old is None or len(proof) > MOST:
        return None
    try:
        path = tuple(base64.b64decode(line, validate=True) for line in proof)
        note = read_note(checkpoint, "checkpoint")
    except (binascii.Error, Failure):
        return None
    return Submission(int(old[1]), path, note) if all(len(one) == 32 for one in path) else None


def add_checkpoint(session: TenantSession, signer: Callable[[], Signer], data: bytes) -> Answer:
    """Check and cosign; what was cosigned is committed before the signature leaves.

    Whoever asks at the same time waits, so a head never goes back. ``signer`` is asked for only to sign.
    """
    submitted = read(data)
    if submitted is None:
        return Answer(400)
    lock_tenant(session)
    head = head_of(session, submitted.note.origin)
    if head is None:
        return Answer(404)
    if refusal := _refusal(head, submitted):
        return refusal
    return Answer(200, sign(session, signer(), head, submitted.note, actor=ACTOR))


def _refusal(head: WitnessHead, said: Submission) -> Answer | None:
    try:
        check_signatures(said.note, "checkpoint", read_trust(f"log {head.log_key}\n"))
    except Failure:
        return Answer(403)
    if said.old > said.note.size:
        return Answer(400)
    if said.old != head.size:
        return Answer(409, f"{head.size}\n", SIZE_TYPE)
    if said.old == said.note.size and said.old and said.note.root.hex() != head.root:
        return Answer(409, f"{head.size}\n", SIZE_TYPE)
    return None if _proved(head, said) else Answer(422)


def _proved(head: WitnessHead, said: Submission) -> bool:
    if not said.old:
        return not said.path
    return is_consistent(said.old, bytes.fromhex(head.root), said.note.size, said.note.root, said.path)

"""移交: what a closing authority knows of its area, written into one signed file for a successor.

Tasks, draws and publications under way stay where they are: nothing is taken away, and the authority's own rows stay
as they were, for its proofs rest on them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Engine
from sqlmodel import select

from fairdraw.canonical import canon
from shuangsui.access.service import require
from shuangsui.catalogue import versions
from shuangsui.catalogue.edits import as_file
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.db import session as open_session
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.ledger import tenure
from shuangsui.ledger.keys import Keyring
from shuangsui.ledger.service import record
from shuangsui.planning import inheriting
from shuangsui.registry import read
from shuangsui.registry.history import legal
from shuangsui.registry.tables import PersonKind
from shuangsui.registry.writing import cells_of, written
from shuangsui.succession import policy
from shuangsui.succession.deciding import handover_key
from shuangsui.succession.policy import MANIFEST, MEMBERS, SIGNATURE, Chosen, Manifest
from shuangsui.succession.tables import Direction, Handover
from shuangsui.tenancy.tables import TenureChange
from shuangsui.tenancy.tenure import Turn

EVERYTHING = Chosen()
Parts = dict[str, tuple[bytes, int]]
"""Part → its bytes and how many rows they hold."""


def hand_over(
    engine: Engine,
    tenant: str,
    keyring: Keyring,
    to: str,
    target: Path,
    *,
    actor: str,
    chosen: Chosen = EVERYTHING,
) -> Handover:
    """Write ``target``, which must not exist, for the successor ``to``; the file holds personal data.

    :class:`BadInput` ``handover_exists``, ``handover_part``; :class:`RuleRefused` ``handover_undecided``. To be called
    again when a draw that was under way has come to its end: the counts then say so. The file follows the entry that
    it names.
    """
    if target.exists():
        raise BadInput("handover_exists", file=target)
    with open_session(engine, tenant) as session:
        row, members = _made(session, keyring, to, actor, chosen)
    _write(target, members)
    return row


def left(session: TenantSession) -> dict[str, int]:
    """How many objects and inspectors no successor has been given yet; empty if none is left."""
    query = select(Handover.chosen).where(Handover.direction == Direction.OUT)
    given = [Chosen.from_json(said) for said in session.exec(query)]
    objects = [one for one in read.objects_of(session) if not any(c.has_object(one.district) for c in given)]
    officers = [one for one in read.inspectors(session) if not any(c.has_officer(one.office) for c in given)]
    return {name: len(found) for name, found in (("检查对象", objects), ("检查人员", officers)) if found}


def _made(
    session: TenantSession, keyring: Keyring, to: str, actor: str, chosen: Chosen
) -> tuple[Handover, dict[str, bytes]]:
    """The row, its ledger entry, and the members of the file."""
    require(session, actor, "import_registry")
    lock_tenant(session)
    change = decided(session, Turn.CLOSE, to)
    if chosen.whole and len(change.others) > 1:
        raise BadInput("handover_part", tenant=session.tenant)
    parts = _parts(session, chosen)
    manifest = _manifest(session, to, change.document, parts).text()
    digest, counts = policy.digest_of(manifest), {name: rows for name, (_, rows) in parts.items()}
    row = Handover(
        direction=Direction.OUT, partner=to, digest=digest, document=change.document, counts=counts, by=actor,
        chosen=chosen.as_json(), at=now(session),
    )  # fmt: skip
    session.add(row)
    key = handover_key(session, keyring, actor=actor)
    payload = {"to": to, "digest": digest, "document": change.document, "rows": counts, "chosen": row.chosen}
    entry = record(session, "tenant.hand_over", actor=actor, subject=f"handover/{digest[:16]}", payload=payload)
    said = {"n": entry.n, "hash": entry.hash}
    signature = canon({"ledger": said, "signature": key.sign(policy.message(digest, said)).hex()})
    members = {MEMBERS[name]: data for name, (data, _) in parts.items()}
    return row, {**members, MANIFEST: manifest, SIGNATURE: signature}


def decided(session: TenantSession, turn: Turn, other: str) -> TenureChange:
    """The decision in force by which the tenant hands over to, or takes over from, another; ``handover_undecided``."""
    today = legal(now(session))
    for change in reversed(tenure.changes(session)):
        if change.turn is turn and change.since <= today and any(one["tenant"] == other for one in change.others):
            return change
    sender, receiver = (session.tenant, other) if turn is Turn.CLOSE else (other, session.tenant)
    raise RuleRefused("handover_undecided", sender=sender, receiver=receiver)


def _parts(session: TenantSession, chosen: Chosen) -> Parts:
    """Objects and inspectors of the part that is handed over, and of everything else what is about these."""
    objects = [one for one in read.objects_of(session) if chosen.has_object(one.district)]
    officers = [one for one in read.inspectors(session) if chosen.has_officer(one.office)]
    experts = [one for one in read.experts(session) if not one.pool]
    codes = {one.code for one in objects}
    people = {(PersonKind.INSPECTOR, one.cert_no) for one in officers}
    people |= {(PersonKind.EXPERT, one.expert_no) for one in experts}
    interests = [
        one for one in read.interests(session)
        if chosen.whole or (one.object_code in codes and (one.person_kind, one.person_no) in people)
    ]  # fmt: skip
    entries: dict[str, list[Any]] = {
        "objects": objects,
        "inspectors": officers,
        "experts": experts,
        "interests": interests,
    }
    parts = {kind: _registry(kind, found) for kind, found in entries.items()}
    in_force = versions.in_force(session)
    items = [one for one in versions.items_of(session, in_force) if one.held is None] if in_force else []
    counts = [one for one in inheriting.told(session) if chosen.whole or one["object_code"] in codes]
    return {**parts, "items": (as_file(items), len(items)), "counters": (_lines(counts), len(counts))}


def _registry(kind: str, entries: Iterable[object]) -> tuple[bytes, int]:
    rows = [cells_of(kind, one) for one in entries]
    return written(kind, rows), len(rows)


def _lines(counts: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False, sort_keys=True).encode() + b"\n" for one in counts)


def _manifest(session: TenantSession, to: str, document: str, parts: Parts) -> Manifest:
    files = {MEMBERS[name]: sha256(data).hexdigest() for name, (data, _) in parts.items()}
    rows = {name: count for name, (_, count) in parts.items()}
    return Manifest(session.tenant, to, document, now(session).isoformat(), files, rows)


def _write(target: Path, members: Mapping[str, bytes]) -> None:
    """Whole or not at all, for its owner's eyes only."""
    draft = target.with_name(f".{target.name}.part")
    handle = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        with ZipFile(os.fdopen(handle, "wb"), "w", ZIP_DEFLATED) as file:
            for name, data in members.items():
                file.writestr(name, data)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)

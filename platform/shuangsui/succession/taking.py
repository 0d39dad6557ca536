"""承接: a predecessor's package taken into the registries of a successor, in one transaction, once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import BadZipFile, ZipFile

from sqlmodel import select

from fairdraw.canonical import parse
from fairdraw.failures import Failure
from shuangsui.access.service import require
from shuangsui.catalogue import drafting, versions
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput
from shuangsui.ledger.service import record
from shuangsui.planning import inheriting
from shuangsui.registry.columns import KINDS
from shuangsui.registry.service import good_file, take_in
from shuangsui.registry.shelves import SHELVES
from shuangsui.said import say
from shuangsui.succession import policy
from shuangsui.succession.handing import decided
from shuangsui.succession.policy import COUNTERS, LARGEST, MANIFEST, MEMBERS, SIGNATURE, Manifest
from shuangsui.succession.tables import Direction, Handover
from shuangsui.tenancy.tenure import Turn


@dataclass(frozen=True, slots=True)
class Package:
    """A file whose every member is what its manifest says; not yet believed."""

    manifest: Manifest
    digest: str
    signed: Mapping[str, Any]
    members: Mapping[str, bytes]


def opened(file: Path) -> Package:
    """:class:`BadInput` ``handover_unreadable``."""
    try:
        with ZipFile(file) as archive:
            found = {name: _member(archive, name) for name in (MANIFEST, SIGNATURE, *MEMBERS.values())}
            signed = parse(found[SIGNATURE])
    except (OSError, BadZipFile, KeyError, Failure) as error:
        raise BadInput("handover_unreadable", problem=say("打不开（{kind}）", kind=type(error).__name__)) from error
    manifest = Manifest.read(found[MANIFEST])
    for name, digest in manifest.files.items():
        if sha256(found[name]).hexdigest() != digest:
            raise BadInput("handover_unreadable", problem=say("{name} 与清单不符", name=name))
    return Package(manifest, policy.digest_of(found[MANIFEST]), signed, found)


def take_over(session: TenantSession, package: Package, *, actor: str) -> Handover:
    """Take in what the registries lack, and the counts; what is there already stays as it is. Again changes nothing.

    :class:`RuleRefused` ``handover_undecided``, ``handover_forged``; :class:`BadInput` ``handover_other``; every error
    of :func:`shuangsui.registry.service.import_file`.
    """
    require(session, actor, "import_registry")
    manifest = package.manifest
    if manifest.receiver != session.tenant:
        raise BadInput(
            "handover_other", sender=manifest.sender, receiver=manifest.receiver, tenant=session.tenant
        )  # fmt: skip
    lock_tenant(session)
    change = decided(session, Turn.SUCCEED, manifest.sender)
    key = next(one["key"] for one in change.others if one["tenant"] == manifest.sender)
    policy.check_signature(key, package.digest, package.signed)
    same = (Handover.direction == Direction.IN, Handover.digest == package.digest)
    if there := session.exec(select(Handover).where(*same)).one_or_none():
        return there
    return _taken(session, package, actor)


def _taken(session: TenantSession, package: Package, actor: str) -> Handover:
    manifest = package.manifest
    with TemporaryDirectory() as folder:
        counts = {kind: _registry(session, package, kind, Path(folder), actor) for kind in SHELVES}
        counts["items"] = _items(session, package, Path(folder), actor)
    counts["counters"] = inheriting.inherit(
        session, [json.loads(one) for one in package.members[COUNTERS].splitlines()]
    )
    row = Handover(
        direction=Direction.IN, partner=manifest.sender, digest=package.digest, document=manifest.document,
        counts=counts, by=actor, at=now(session),
    )  # fmt: skip
    session.add(row)
    payload = {
        "from": manifest.sender, "digest": package.digest, "document": manifest.document,
        "ledger": package.signed["ledger"], "rows": counts,
    }  # fmt: skip
    record(session, "tenant.take_over", actor=actor, subject=f"handover/{package.digest[:16]}", payload=payload)
    return row


def _registry(session: TenantSession, package: Package, kind: str, folder: Path, actor: str) -> int:
    """The rows that the registry lacks, through the same checks as a file by hand; how many."""
    shelf, key = SHELVES[kind], KINDS[kind].key[0]
    there = set(session.exec(select(getattr(shelf.table, shelf.key)))) if kind != "interests" else set()
    header, *rows = _cells(package.members[MEMBERS[kind]])
    place = header.index(key)
    missing = [row for row in rows if row[place] not in there]
    if not missing:
        return 0
    path = folder / f"{package.manifest.sender}-{MEMBERS[kind]}"
    _write(path, [header, *missing])
    return take_in(session, shelf, good_file(path, kind), actor=actor, partial=True).added


def _items(session: TenantSession, package: Package, folder: Path, actor: str) -> int:
    """The list of a predecessor is where the first list of a new authority begins; whoever has one keeps it."""
    header, *rows = _cells(package.members[MEMBERS["items"]])
    if not rows or versions.versions(session):
        return 0
    path = folder / f"{package.manifest.sender}-{MEMBERS['items']}"
    _write(path, [header, *rows])
    return drafting.import_items(session, path, actor=actor).added


def _cells(data: bytes) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(data.decode(), newline=""), strict=True)


def _write(path: Path, rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)


def _member(archive: ZipFile, name: str) -> bytes:
    """Nothing that unpacks to more than anybody's registry."""
    if archive.getinfo(name).file_size > LARGEST:
        raise BadInput("handover_unreadable", problem=say("{name} 过大", name=name))
    return archive.read(name)

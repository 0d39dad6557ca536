"""Registries of a given size, as an import would leave them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Engine, insert

from shuangsui import db
from shuangsui.registry.tables import InspectionObject, ObjectStatus, RegistryImport

BATCH = 5000


def crowd(engine: Engine, tenant: str, names: Iterable[str]) -> None:
    """Objects of one authority under these names, their codes and other columns by their place in the row."""
    with db.session(engine, tenant) as session:
        taken = RegistryImport(kind="objects", at=datetime.now(UTC), actor="t", source="t", sha256="0" * 64, rows=1)
        session.add(taken)
        session.flush()
        rows = [_row(taken, i, name) for i, name in enumerate(names)]
        for start in range(0, len(rows), BATCH):
            session.execute(insert(InspectionObject), rows[start : start + BATCH])


def _row(taken: RegistryImport, i: int, name: str) -> dict[str, object]:
    return {
        "import_id": taken.id, "fingerprint": uuid4().hex, "code": f"9150{i:014d}", "name": name, "items": [],
        "flags": [], "district": ("江北区", "渝中区")[i % 2], "risk_class": "ABCD"[i % 4],
        "status": ObjectStatus.ACTIVE,
    }  # fmt: skip

"""One company checks itself (srd-1 section 13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fairdraw.canonical import canon, parse
from fairdraw.failures import require
from fairdraw.fields import has_members, is_hex64, is_int, is_salt, is_text
from fairdraw.merkle import inclusion_path, leaf_hash, root_of_path
from fairdraw.plan import Plan
from fairdraw.snapshot import TILE, Snapshot, blind, blind_with, salt_of, tile_hashes
from fairdraw.suites import hasher

MEMBERS = ("v", "plan_hash", "id", "salt", "index", "tile", "path")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A checked receipt: the id and its blinded id."""

    id: str
    b: bytes


def read(data: bytes, plan: Plan) -> Receipt:
    """Check ``receipt-*.json`` against the plan alone.

    ``NOT_CANONICAL``, ``RECEIPT_FIELD``, ``RECEIPT_TILE``, ``RECEIPT_ROW``, ``RECEIPT_PATH``.
    """
    x = parse(data, "receipt")
    require(_has_fields(x, plan), "RECEIPT_FIELD", "members")
    h, n, index = hasher(plan["suite"]), plan["snapshot"]["n"], x["index"]
    tiles, at = -(-n // TILE), index // TILE
    rows = TILE if at < tiles - 1 else n - TILE * (tiles - 1)
    require(len(x["tile"]) == rows, "RECEIPT_TILE", f"tile {at} has {rows} rows")
    b = blind(x["id"], bytes.fromhex(x["salt"]), h)
    require(x["tile"][index % TILE].startswith(b.hex() + " "), "RECEIPT_ROW", f"row {index} is not {x['id']}")
    leaf = leaf_hash("".join(row + "\n" for row in x["tile"]).encode(), h)
    root = root_of_path(leaf, at, tiles, [bytes.fromhex(p) for p in x["path"]], h)
    require(root is not None and root.hex() == plan["snapshot"]["root"], "RECEIPT_PATH", "another root")
    return Receipt(x["id"], b)


def _has_fields(x: Any, plan: Plan) -> bool:
    if not has_members(x, *MEMBERS) or x["v"] != plan["v"] or x["plan_hash"] != plan.hash.hex():
        return False
    lists = isinstance(x["tile"], list) and isinstance(x["path"], list)
    if not lists or not is_int(x["index"], 0, plan["snapshot"]["n"] - 1):
        return False
    own = is_text(x["id"]) and is_salt(x["salt"], salted=plan.salted)
    return own and all(isinstance(row, str) for row in x["tile"]) and all(map(is_hex64, x["path"]))


def build(id_: str, key: bytes | None, plan: Plan, snapshot: Snapshot) -> bytes:
    """The receipt of an object of the snapshot; ``RECEIPT_ROW`` if it has no row."""
    h = hasher(plan["suite"])
    lines = [line + b"\n" for line in snapshot.rows[:-1].split(b"\n")]
    own = blind_with(key, id_, h).hex().encode() + b" "
    index = next((i for i, line in enumerate(lines) if line.startswith(own)), None)
    require(index is not None, "RECEIPT_ROW", f"{id_} has no row")
    assert index is not None
    first = index // TILE * TILE
    tile = [line[:-1].decode() for line in lines[first : first + TILE]]
    path = [p.hex() for p in inclusion_path(tile_hashes(lines, h), index // TILE, h)]
    salt = "" if key is None else salt_of(key, id_, h).hex()
    values: Mapping[str, Any] = {"salt": salt, "index": index, "tile": tile, "path": path}
    return canon({"v": plan["v"], "plan_hash": plan.hash.hex(), "id": id_, **values})

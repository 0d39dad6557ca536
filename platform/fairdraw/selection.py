"""Ranking, selection and work order (srd-1 section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fairdraw.snapshot import Snapshot, Stratum
from fairdraw.suites import hasher
from fairdraw.tickets import Kernel, Ranked, derive_key, reference_kernel, ticket


@dataclass(frozen=True, slots=True)
class Task:
    """A selected object in work order: blinded id and stratum."""

    b: bytes
    stratum: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The drawn objects: per stratum in ticket order, and all of them in work order.

    ``reserve`` holds per stratum the rows after the quota that replacements may still need (11.1).
    """

    objects: Mapping[str, list[Ranked]]
    order: list[Task]
    reserve: Mapping[str, list[Ranked]] = field(repr=False)

    def objects_json(self) -> dict[str, list[list[str]]]:
        """Member ``objects`` of ``result.json``."""
        return {s: [[b.hex(), t.hex()] for t, b in rows] for s, rows in self.objects.items()}

    def cut_json(self) -> dict[str, list[str] | None]:
        """Member ``cut`` of the RESULT entry: the last selected pair of each stratum."""
        return {s: rows[-1] if rows else None for s, rows in self.objects_json().items()}


def ranking(
    seed: bytes, name: str, stratum: Stratum, suite: str, *, limit: int | None = None, kernel: Kernel = reference_kernel
) -> list[Ranked]:
    """The first ``limit`` eligible rows of a stratum in ticket order, all without a limit (9.1)."""
    key = derive_key(seed, f"objects/{name}", hasher(suite))
    tickets = kernel.tickets(suite, key, stratum.blinded, stratum.weights)
    return sorted(kernel.nearest(tickets, stratum.blinded, len(stratum.weights) if limit is None else limit))[:limit]


def select(
    snapshot: Snapshot,
    quota: Mapping[str, int],
    seed: bytes,
    suite: str,
    *,
    alternates: int = 0,
    kernel: Kernel = reference_kernel,
) -> Selection:
    """Draw ``quota`` rows of every stratum and put them into work order."""
    objects, reserve = {}, {}
    for name, stratum in snapshot.strata.items():
        q = quota[name]
        rows = ranking(seed, name, stratum, suite, limit=q + min(alternates, q), kernel=kernel) if q else []
        objects[name], reserve[name] = rows[:q], rows[q:]
    return Selection(objects, work_order(snapshot, objects, seed, suite), reserve)


def work_order(snapshot: Snapshot, objects: Mapping[str, list[Ranked]], seed: bytes, suite: str) -> list[Task]:
    """Selected objects of all strata ascending by their order tickets (9.4)."""
    h = hasher(suite)
    key = derive_key(seed, "order", h)
    ranked = []
    for name, rows in objects.items():
        weights = _weights(snapshot.strata[name], {b for _, b in rows})
        ranked += [(ticket(key, b, weights[b], h), b, name) for _, b in rows]
    return [Task(b, name) for _, b, name in sorted(ranked)]


def _weights(stratum: Stratum, drawn: set[bytes]) -> dict[bytes, int]:
    """Weights of the drawn rows."""
    if not drawn or stratum.weights.count(stratum.weights[0]) == len(stratum.weights):
        return dict.fromkeys(drawn, stratum.weights[0] if drawn else 1)
    rows = (bytes(stratum.blinded[p : p + 32]) for p in range(0, len(stratum.blinded), 32))
    return {b: weight for b, weight in zip(rows, stratum.weights, strict=True) if b in drawn}

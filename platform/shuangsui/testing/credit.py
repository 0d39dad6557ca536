"""The credit and supervision systems that the sink plays: they keep packages, answer receipts, show what they hold.

Their real interfaces are not public; this is the one that our first-party exporters are written against. ``POST
/SYSTEM`` hands a package over, its name in the headers ``X-External-Id``, ``X-Revision`` and ``X-Action``;
``GET /SYSTEM/EXTERNAL-ID`` shows the newest revision, ``GET /SYSTEM`` everything with its counts, ``GET /`` the counts
of all systems together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shuangsui.testing.faults import Fault
from shuangsui.testing.systems import Answer, Request, as_json

ACTIONS = ("publish", "correct", "withdraw")


@dataclass(slots=True)
class Held:
    """One revision of one thing; ``copies`` above one is what nobody wants, ``looks`` how often it was asked for."""

    system: str
    external_id: str
    revision: int
    action: str
    number: str
    media_type: str
    data: bytes
    copies: int = 0
    looks: int = 0

    def shown(self, *, wrong: bool = False) -> dict[str, object]:
        """The receipt, and what people would see of it."""
        return {
            "external_id": self.external_id,
            "revision": self.revision,
            "action": self.action,
            "number": self.number,
            "digest": hashlib.sha256(self.data + (b"wrong" if wrong else b"")).hexdigest(),
            "copies": self.copies,
        }


@dataclass(slots=True)
class Credit:
    """信用信息系统: any number of systems by the first part of the path; the same package is kept once."""

    held: dict[tuple[str, str], dict[int, Held]] = field(default_factory=dict)
    posts: int = 0
    lost: int = 0

    def answer(self, request: Request, fault: Fault | None) -> Answer:
        """422 for a package without its names, 409 for another one under the same names."""
        match request.method, request.path.split("/")[1:]:
            case "POST", [system] if system:
                return self._taken(system, request, fault or Fault())
            case "GET", [""]:
                return as_json(self.counts())
            case "GET", [_, "health"]:
                return as_json({"ok": "yes"})
            case "GET", [system] if system:
                return as_json({"counts": self.counts(system), "held": [one.shown() for one in self.all(system)]})
            case "GET", [system, external_id]:
                return self._look(self.newest(system, external_id), fault or Fault())
            case "GET", [system, external_id, revision] if revision.isdigit():
                return _bytes(self.held.get((system, external_id), {}).get(int(revision)))
        return as_json({}, 404)

    def all(self, system: str | None = None) -> Iterator[Held]:
        """Every revision of everything, of one system or of all."""
        for (name, _), revisions in self.held.items():
            if system in (None, name):
                yield from revisions.values()

    def newest(self, system: str, external_id: str) -> Held | None:
        """The revision that is shown."""
        revisions = self.held.get((system, external_id), {})
        return revisions[max(revisions)] if revisions else None

    def counts(self, system: str | None = None) -> Mapping[str, int]:
        """``things`` by external id, their ``revisions``, the ``copies`` of these, and how many are too many."""
        held = list(self.all(system))
        copies = sum(one.copies for one in held)
        things = len({(one.system, one.external_id) for one in held})
        return {"things": things, "revisions": len(held), "copies": copies, "duplicates": copies - len(held)}

    def _taken(self, system: str, request: Request, fault: Fault) -> Answer:
        got = _read(system, request, f"XY{self.posts + 1:06d}")
        if got is None:
            return as_json({}, 422)
        revisions = self.held.get((system, got.external_id), {})
        kept = revisions.get(got.revision, got)
        if (kept.data, kept.action) != (got.data, got.action):
            return as_json({}, 409)
        self.posts += 1
        if fault.lost and _falls(self.posts, fault.share):
            self.lost += 1
            return as_json(got.shown(wrong=fault.wrong))
        kept.copies += 2 if fault.twice else int(kept is got)
        self.held[system, got.external_id] = {**revisions, got.revision: kept}
        return as_json(kept.shown(wrong=fault.wrong))

    def _look(self, held: Held | None, fault: Fault) -> Answer:
        if held is None:
            return as_json({}, 404)
        held.looks += 1
        return as_json({}, 404) if held.looks <= fault.late else as_json(held.shown(wrong=fault.wrong))


def _read(system: str, request: Request, number: str) -> Held | None:
    """The package that came in; None if it lacks a name or is not whole."""
    said = request.headers
    external_id, revision, action = (said.get(f"x-{name}", "") for name in ("external-id", "revision", "action"))
    whole = said.get("x-content-sha256") == hashlib.sha256(request.body).hexdigest()
    if not (whole and external_id and revision.isdigit() and action in ACTIONS):
        return None
    return Held(system, external_id, int(revision), action, number, said.get("content-type", ""), request.body)


def _falls(number: int, share: float) -> bool:
    """Whether the package with this number is among the ``share`` of all; evenly spread, and the same every time."""
    return int(number * share) > int((number - 1) * share)


def _bytes(held: Held | None) -> Answer:
    return Answer(200, held.data, {"Content-Type": held.media_type}) if held else as_json({}, 404)

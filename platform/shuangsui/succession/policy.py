"""What a decision about authorities may say, and how a package of a handover is made and believed; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from fairdraw import ed25519
from fairdraw.canonical import canon, parse
from fairdraw.failures import Failure
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.said import say
from shuangsui.tenancy.tenure import Tenure, Turn

FORMAT = "shuangsui-handover-1"
MANIFEST, SIGNATURE, COUNTERS = "manifest.json", "signature.json", "counters.jsonl"
REGISTRIES = ("objects", "inspectors", "experts", "interests", "items")
"""In the order in which they are taken over: interests name people and objects."""
MEMBERS = {**{kind: f"{kind}.csv" for kind in REGISTRIES}, "counters": COUNTERS}
LARGEST = 1 << 30
"""Bytes of an unpacked member."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision as somebody proposes it; slugs of authorities."""

    turn: Turn
    subjects: tuple[str, ...]
    since: date
    document: str
    reason: str
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of an authority goes to one of several successors; everything if nothing is chosen.

    ``districts``: of the objects · ``offices``: of the inspectors.
    """

    districts: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing stays behind."""
        return not (self.districts or self.offices)

    def has_object(self, district: str | None) -> bool:
        """Whether an object of this area goes."""
        return self.whole or district in self.districts

    def has_officer(self, office: str) -> bool:
        """Whether an inspector of this office goes."""
        return self.whole or office in self.offices

    def as_json(self) -> dict[str, list[str]]:
        """For a row and for the ledger."""
        return {"districts": list(self.districts), "offices": list(self.offices)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Chosen:
        """The other way."""
        return cls(tuple(said.get("districts", ())), tuple(said.get("offices", ())))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package holds; ``files``: member → SHA-256, hex; ``rows``: part → number of rows."""

    sender: str
    receiver: str
    document: str
    made_at: str
    files: Mapping[str, str]
    rows: Mapping[str, int]

    def text(self) -> bytes:
        """The canonical bytes that are signed."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return canon({"format": FORMAT, **said, "files": dict(self.files), "rows": dict(self.rows)})

    @classmethod
    def read(cls, data: bytes) -> Manifest:
        """:class:`BadInput` ``handover_unreadable`` for anything else."""
        try:
            said = dict(parse(data))
            fits = said.pop("format") == FORMAT and set(said["files"]) == set(MEMBERS.values())
            found = cls(**said)
        except (Failure, KeyError, TypeError, ValueError) as error:
            raise BadInput("handover_unreadable", problem="清单读不懂") from error
        if not fits:
            raise BadInput("handover_unreadable", problem=say("格式不是 {format}", format=FORMAT))
        return found


def check_wanted(wanted: Wanted, children: Collection[str]) -> None:
    """:class:`BadInput` ``tenure_words``, ``tenure_not_below``, ``tenure_successors``."""
    if not (wanted.document.strip() and wanted.reason.strip() and wanted.subjects):
        raise BadInput("tenure_words")
    for slug in (*wanted.subjects, *wanted.successors):
        if slug not in children:
            raise BadInput("tenure_not_below", tenant=slug)
    if (wanted.turn is Turn.CLOSE) != bool(wanted.successors) or set(wanted.subjects) & set(wanted.successors):
        raise BadInput("tenure_successors")


def check_turn(turn: Turn, stands: Tenure, tenant: str) -> None:
    """:class:`RuleRefused` ``tenure_closed`` for whoever is being closed, ``tenure_same`` for what changes nothing."""
    if stands is Tenure.CLOSING:
        raise RuleRefused("tenure_closed", tenant=tenant)
    if (turn is Turn.SUSPEND and stands is Tenure.SUSPENDED) or (turn is Turn.RESUME and stands is Tenure.ACTIVE):
        raise RuleRefused("tenure_same", tenant=tenant)


def digest_of(manifest: bytes) -> str:
    """What names a package."""
    return sha256(manifest).hexdigest()


def message(digest: str, entry: Mapping[str, Any]) -> bytes:
    """What the sender signs: the package, and the entry of its ledger that says so."""
    return canon({"format": FORMAT, "digest": digest, "ledger": {"n": entry["n"], "hash": entry["hash"]}})


def check_signature(public: str, digest: str, signed: Mapping[str, Any]) -> None:
    """:class:`RuleRefused` ``handover_forged`` unless the key named by the decision signed the package."""
    try:
        good = ed25519.verify(
            bytes.fromhex(public), message(digest, signed["ledger"]), bytes.fromhex(signed["signature"])
        )
    except (Failure, KeyError, TypeError, ValueError):
        good = False
    if not good:
        raise RuleRefused("handover_forged", digest=digest)

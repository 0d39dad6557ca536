"""A relay of drand, the public randomness beacon, that serves the few genuine rounds stored in ``drand.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from shuangsui.testing.faults import Fault
from shuangsui.testing.systems import Answer, Request, as_json

TOO_EARLY = 425
Beacon = Mapping[str, Any]
"""``round``, ``randomness``, ``signature`` and, on a chained chain, ``previous_signature``; hex."""


@cache
def chains() -> Mapping[str, Mapping[str, Any]]:
    """Chain hash → ``info`` and ``rounds``, as the public relays serve them."""
    found: dict[str, Any] = json.loads((files("shuangsui.testing") / "drand.json").read_text("utf-8"))
    return {one["info"]["hash"]: one for one in found["chains"]}


def beacon(chain: str, round_: int) -> Beacon | None:
    """A stored round."""
    return next((one for one in chains()[chain]["rounds"] if one["round"] == round_), None)


@dataclass(slots=True)
class Drand:
    """``GET /CHAIN/info`` and ``GET /CHAIN/public/ROUND``; 425 for a round that is not there yet.

    ``wrong`` passes another round's beacon off as the one asked for, ``forged`` flips a bit of the signature and
    derives the randomness anew.
    """

    looks: dict[str, int] = field(default_factory=dict)

    def answer(self, request: Request, fault: Fault | None) -> Answer:
        """What the relay says."""
        match request.method, request.path.split("/")[1:]:
            case "GET", [chain, "info"] if chain in chains():
                return as_json(chains()[chain]["info"])
            case "GET", [chain, "public", round_] if chain in chains() and round_.isdigit():
                return self._round(chain, int(round_), fault or Fault())
        return as_json({}, 404)

    def _round(self, chain: str, round_: int, fault: Fault) -> Answer:
        place = f"{chain}/{round_}"
        self.looks[place] = self.looks.get(place, 0) + 1
        found = beacon(chain, round_)
        if found is None or self.looks[place] <= fault.late:
            return as_json({"error": "too early"}, TOO_EARLY)
        if fault.wrong:
            other = next(one for one in chains()[chain]["rounds"] if one["round"] != round_)
            found = {**other, "round": round_}
        return as_json(forged(found) if fault.forged else found)


def forged(genuine: Beacon) -> Beacon:
    """One bit of the signature turned; its form and its digest are right."""
    raw = bytearray.fromhex(genuine["signature"])
    raw[-1] ^= 1
    return {**genuine, "signature": raw.hex(), "randomness": sha256(raw).hexdigest()}

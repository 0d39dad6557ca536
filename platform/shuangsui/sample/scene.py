"""Where the synthetic registries play: an authority's city, its districts and the day they are seen from."""

from __future__ import annotations

import csv
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from itertools import accumulate

from shuangsui.sample.dice import Dice

REFERENCE_DAY = date(2026, 11, 1)
"""Certificates and records are valid or expired as of this day unless the caller names another."""


@dataclass(frozen=True, slots=True)
class District:
    """A district as addresses write it, and the GB/T 2260 code of its registering authority."""

    name: str
    area: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything rows depend on besides their number; ``city`` as in 某某市, ``area`` its six-digit code."""

    seed: str
    city: str
    area: str
    districts: tuple[District, ...]
    today: date = REFERENCE_DAY


def read_data(name: str) -> str:
    """The text of a file of ``data/sample``."""
    return files("shuangsui").joinpath("data", "sample", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def authority_shares() -> tuple[int, ...]:
    """Real shares of 111 authorities in parts per million, largest first (``SOURCES.md``)."""
    return tuple(int(row["share_ppm"]) for row in csv.DictReader(read_data("district-shares.csv").splitlines()))


def district_picker(scene: Scene) -> Callable[[Dice], District]:
    """Picks districts as unevenly as real authorities are: the i-th largest takes the share at its quantile.

    Which district is large is the seed's choice, whatever order the districts come in.
    """
    ranked = sorted(scene.districts, key=lambda district: sha256(f"{scene.seed}\0{district.name}".encode()).digest())
    shares, count = authority_shares(), len(ranked)
    bounds = list(accumulate(shares[(2 * rank + 1) * len(shares) // (2 * count)] for rank in range(count)))
    return lambda dice: ranked[bisect(bounds, dice.below(bounds[-1]))]

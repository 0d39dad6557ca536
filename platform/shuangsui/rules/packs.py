"""Rule packs: dated TOML files with the text of law they stand for. Those of the product stand in ``data/rules/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

from pydantic import Field

from shuangsui.rules.entries import checked
from shuangsui.rules.policy import FOR_EVER, SINCE_EVER, Layer, Rank, RuleValue
from shuangsui.tenancy.document import Document, parse, read
from shuangsui.tenancy.schema import File, Many, Name, RulesFile, Text
from shuangsui.tenancy.tree import locate

RANKS = {
    "product": Rank.PRODUCT,
    "national": Rank.NATIONAL,
    "ministry": Rank.MINISTRY,
    "order": Rank.ORDER,
    "measures": Rank.MEASURES,
}


class Reading(File):
    """One way to read an open date of a pack; the pack's own dates follow the chosen one."""

    article: Text
    text: Text
    valid_from: date
    chosen: bool = False


class Header(File):
    """What a pack says about itself (R1.1). ``binds`` = ``own``: only tenants that list the pack themselves."""

    id: Name
    rank: Literal["product", "national", "ministry", "order", "measures"]
    binds: Literal["all", "own"]
    title: Text
    issuer: Text
    number: Text
    issued: date
    valid_from: date | None = None
    valid_to: date | None = None
    superseded_by: Text | None = None
    parent: Name | None = None
    basis: Text
    repeals: Many[Text] = ()
    source: Text = Field(description="where the text was taken from and what of it was seen")
    reading: Many[Reading] = ()

    @property
    def everywhere(self) -> bool:
        """Whether it applies without being listed: the product's own limits and national law."""
        return self.rank in {"product", "national"}


class PackFile(RulesFile):
    """A pack file: the header and the ``[[rule]]`` entries."""

    pack: Header


@dataclass(frozen=True)
class Pack:
    """A pack ready to become a layer; ``values`` are written as if they bound everybody."""

    header: Header
    file: str
    values: tuple[RuleValue, ...]

    def layer(self, *, listed: bool) -> Layer:
        """Its layer for a tenant that lists the pack itself, or that only inherits it."""
        return self._binding if listed or self.header.binds == "all" else self._advising

    @cached_property
    def _binding(self) -> Layer:
        return self._layer(binding=True)

    @cached_property
    def _advising(self) -> Layer:
        return self._layer(binding=False)

    def _layer(self, *, binding: bool) -> Layer:
        values = tuple(replace(value, binding=binding) for value in self.values)
        return Layer(self.header.id, RANKS[self.header.rank], values)


@cache
def installed() -> Mapping[str, Pack]:
    """The packs that come with the product, by id, in the order of their ranks."""
    folder = files("shuangsui") / "data" / "rules"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    packs = [load((folder / name).read_bytes(), f"shuangsui/data/rules/{name}") for name in names]
    return {pack.header.id: pack for pack in sorted(packs, key=lambda pack: RANKS[pack.header.rank])}


def load(raw: bytes, file: str) -> Pack:
    """The pack in the bytes of a TOML file, a plugin's included; :class:`Misconfigured` with file and line if wrong."""
    document = parse(raw, file)
    content = read(document, PackFile)
    header = content.pack
    _check_header(document, header)
    number = None if header.everywhere else header.number
    period = (header.valid_from or SINCE_EVER, header.valid_to or FOR_EVER)
    return Pack(header, file, checked(locate(document, content), header.id, document=number, period=period))


def _check_header(document: Document, header: Header) -> None:
    """Dates in order, and exactly one chosen reading, if any, on which the pack's date rests."""
    if header.valid_from and header.valid_to and header.valid_to < header.valid_from:
        raise document.fault("rule_dates_reversed", ("pack", "valid_to"), "早于施行日期")
    chosen = [reading.valid_from for reading in header.reading if reading.chosen]
    if header.reading and chosen != [header.valid_from]:
        raise document.fault("value_invalid", ("pack", "valid_from"), "应与唯一选定的解读同一日期")

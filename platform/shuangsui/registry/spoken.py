"""What a cell says as text, whatever type the file stores it in."""

from __future__ import annotations

import re

from shuangsui.errors import BadInput
from shuangsui.registry.cells import Cell
from shuangsui.registry.normalise import Tell

_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")


def typed_text(cell: Cell) -> str:
    """The text of a cell that must be text: a number has lost digits and zeros already."""
    if isinstance(cell, str):
        if _SCIENTIFIC.fullmatch(cell.strip()):
            raise BadInput("code_as_number", value=short(cell.strip()))
        return _not_a_formula(cell)
    if isinstance(cell, float):
        raise BadInput("code_as_number", value=number(cell))
    raise BadInput("code_not_text", value=short(str(cell)))


def written_text(cell: Cell, tell: Tell) -> str:
    """What the cell says; a cell of another type than text is told."""
    if isinstance(cell, str):
        return _not_a_formula(cell)
    written = number(cell) if isinstance(cell, float) else str(cell)
    tell("typed_as_text", after=written)
    return written


def _not_a_formula(written: str) -> str:
    """``written`` unless a spreadsheet would compute it: CSV keeps formulas as text."""
    if written.lstrip().startswith("="):
        raise BadInput("formula_text")
    return written


def within(limit: int, value: str) -> str:
    """``value`` unless it is too long to be what the column says."""
    if len(value) > limit:
        raise BadInput("too_long", length=len(value), limit=limit)
    return value


def number(cell: Cell) -> str:
    """A number as a person would write it, without the ``.0`` of spreadsheets."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e21:
        return str(int(cell))
    return str(cell)


def short(value: str) -> str:
    """``value`` cut to what a message can show."""
    return value if len(value) <= 40 else f"{value[:40]}…"

"""What the XML of a worksheet says and its values hide: formulas, merged and error cells, hidden rows, extent.

Runs in the limited child process only. Document types are refused: nothing here needs one.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import IO
from xml.parsers import expat

from shuangsui.registry.cells import SheetFault

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
Element = Callable[[str, dict[str, str]], None]
"""Takes a start tag and its attributes."""

_KEPT_FAULTS = 10_000
_BLOCK = 1 << 16


class HostileXml(Exception):
    """The part declares a document type, or is not XML."""


@dataclass(slots=True)
class SheetScan:
    """Rows and columns count from 1; ``last_column`` is that of the last cell with content."""

    last_row: int = 0
    last_column: int = 0
    hidden_rows: int = 0
    faults: list[SheetFault] = field(default_factory=list)
    _row: int = 0
    _column: int = 0

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        """Take one start tag; positions are implied where a row or cell does not name its own."""
        local = tag.rpartition(":")[2]
        if local == "c":
            self._cell(attributes)
        elif local in ("v", "is", "f"):
            self.last_row, self.last_column = self._row, max(self.last_column, self._column)
            if local == "f":
                self._fault("formula_cell")
        elif local == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            self.hidden_rows += attributes.get("hidden") in ("1", "true")
        elif local == "mergeCell":
            self._merged(attributes.get("ref", ""))

    def _cell(self, attributes: dict[str, str]) -> None:
        """Move to a cell."""
        place = _place(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
        self._row, self._column = place
        if attributes.get("t") == "e":
            self._fault("error_cell")

    def _merged(self, reference: str) -> None:
        """Note a merged range at its first cell."""
        self._row, self._column = _place(reference.partition(":")[0])
        self._fault("merged_cells", reference)

    def _fault(self, code: str, text: str = "") -> None:
        """Keep a fault at the present cell while there is room."""
        if len(self.faults) < _KEPT_FAULTS:
            self.faults.append(SheetFault(self._row, self._column - 1, code, text))


def scan_sheet(part: IO[bytes]) -> SheetScan:
    """Read one worksheet's XML as a stream; raises ``HostileXml``."""
    scan = SheetScan()
    _parse(part, scan.element)
    return scan


def refuse_document_type(part: IO[bytes]) -> None:
    """Read a part up to its first element; raises ``HostileXml`` if a document type comes before it."""

    class Reached(Exception):
        """The first element."""

    def stop(_tag: str, _attributes: dict[str, str]) -> None:
        raise Reached

    try:
        _parse(part, stop)
    except Reached:
        return


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each worksheet (charts left out) and the part that holds it; raises ``HostileXml`` or ``KeyError``."""
    targets = {
        relation["Id"]: normpath(join("/xl", relation["Target"])).lstrip("/")
        for relation in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
        if relation["Type"].endswith("/worksheet")
    }
    named = (
        (sheet["name"], next((value for key, value in sheet.items() if key.endswith(":id")), ""))
        for sheet in _elements(archive, "xl/workbook.xml", "sheet")
    )
    return {name: targets[identity] for name, identity in named if identity in targets}


def _elements(archive: zipfile.ZipFile, part: str, tag: str) -> list[dict[str, str]]:
    """Attributes of every element ``tag`` of a small part."""
    found: list[dict[str, str]] = []

    def keep(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == tag:
            found.append(attributes)

    with archive.open(part) as stream:
        _parse(stream, keep)
    return found


def _parse(stream: IO[bytes], element: Element) -> None:
    """Feed a part to expat; raises ``HostileXml``."""

    def refuse(*_declaration: object) -> None:
        raise HostileXml

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = element
    try:
        while block := stream.read(_BLOCK):
            parser.Parse(block)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise HostileXml from error


def _place(reference: str) -> tuple[int, int]:
    """Row and column of a reference such as ``B12``, both from 1; raises ``ValueError``."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(reference)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column

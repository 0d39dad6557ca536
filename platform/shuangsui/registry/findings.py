"""What a check finds in a file: errors, warnings and notes, each with row, column, code and sentence."""

from __future__ import annotations

from collections import Counter

from shuangsui.errors import BadInput, RowError
from shuangsui.registry.messages import NOTES, WARNINGS, said

KEPT_ERRORS = 100_000
KEPT_REMARKS = 10_000


class Findings:
    """Collects findings at a place that moves along the file; beyond a limit only their number is kept."""

    def __init__(self) -> None:
        self.errors: list[RowError] = []
        self.warnings: list[RowError] = []
        self.notes: list[RowError] = []
        self.counts: Counter[str] = Counter()
        self.told = 0
        self._row = 0
        self._column = ""
        self._beyond: Counter[str] = Counter()

    def at(self, row: int, column: str) -> None:
        """Set the place of what is told next."""
        self._row, self._column = row, column

    def tell(self, code: str, **params: object) -> None:
        """Keep an error, warning or note at the present place; its code says which of the three it is."""
        self.counts[code] += 1
        self.told += 1
        if code in NOTES:
            self._keep(self.notes, KEPT_REMARKS, "more_notes", code, params)
        elif code in WARNINGS:
            self._keep(self.warnings, KEPT_REMARKS, "more_warnings", code, params)
        else:
            self._keep(self.errors, KEPT_ERRORS, "more_errors", code, params)

    def refused(self, error: BadInput) -> None:
        """Keep the error a cell was refused with."""
        self.tell(error.code, **error.params)

    def close(self) -> None:
        """Put each list in the file's order and add one line for what it left out."""
        for code, found in (("more_errors", self.errors), ("more_warnings", self.warnings), ("more_notes", self.notes)):
            found.sort(key=lambda finding: finding.row)
            if self._beyond[code]:
                found.append(RowError(0, "", code, said(code, {"count": self._beyond[code]})))

    def _keep(self, found: list[RowError], limit: int, beyond: str, code: str, params: dict[str, object]) -> None:
        """Add to ``found`` while there is room."""
        if len(found) < limit:
            sentence = said(code, {"column": self._column, **params})
            found.append(RowError(self._row, self._column, code, sentence))
        else:
            self._beyond[beyond] += 1

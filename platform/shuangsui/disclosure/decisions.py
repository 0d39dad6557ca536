"""双公示: decisions of penalties and licences, taken in from files without personal data, and what goes out of them.

A decision that answers a lead handed over is its receipt (R15.4). What was annulled is no content any more, but says
why it was taken down (R14.10).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, now
from shuangsui.disclosed import Authority, DecisionContent, Disclosed, DisclosedObject
from shuangsui.disclosure.messages import TEXTS
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import RowError, RowErrors
from shuangsui.inspections import followup
from shuangsui.ledger.policy import FOLLOW
from shuangsui.outbox import ask
from shuangsui.privacy.dwellings import is_sole_owner_code
from shuangsui.privacy.messages import PERSONAL_KINDS
from shuangsui.privacy.messages import TEXTS as PERSONAL_TEXTS
from shuangsui.privacy.scanning import Finding, lint_disclosed
from shuangsui.privacy.writing import own_numbers
from shuangsui.registry.checking import iter_checked
from shuangsui.registry.columns import DECISIONS as COLUMNS
from shuangsui.registry.pipeline import CheckedRow
from shuangsui.registry.service import GoodFile, Imported, Progress, good_file, preview, take_in
from shuangsui.registry.shelves import DECISIONS
from shuangsui.registry.tables import Decision, DecisionKind, DecisionStatus, PartyKind

HEADERS = {column.field: column.headers[0] for column in COLUMNS.columns}
_ALIKE = (
    "number", "name", "category", "content", "decided_on", "maker", "maker_code", "valid_until", "violation", "facts",
    "basis", "revoked", "certificate", "remark",
)  # fmt: skip


def import_decisions(
    session: TenantSession,
    path: Path,
    *,
    actor: str,
    dry_run: bool = False,
    sheet: str | None = None,
    on_progress: Progress | None = None,
) -> Imported:
    """Add and correct; a decision that the file does not name stays.

    Errors as of :func:`shuangsui.registry.service.import_file`; besides, rows with personal data (``personal_data``)
    and with a lead that nobody handed over (``lead_unknown``).
    """
    file = good_file(path, COLUMNS.name, sheet=sheet, on_progress=on_progress)
    require(session, actor, "import_registry")
    today = legal_day(now(session))
    if errors := [error for row in _rows(file) for error in _wrong(session, row, today)]:
        raise RowErrors(errors, rows=file.checked.rows)
    if dry_run:
        return preview(session, DECISIONS, file, partial=True)
    done = take_in(session, DECISIONS, file, actor=actor, partial=True)
    for row in _rows(file):
        _receive(session, row, actor)
    ask(session, FOLLOW)
    return done


def open_contents(session: TenantSession) -> Iterator[tuple[str, DecisionContent, date | None]]:
    """Number, content and last day of disclosure of every decision that stands."""
    query = select(Decision).where(Decision.status == DecisionStatus.VALID).order_by(Decision.number)
    for row in session.exec(query):
        yield row.number, content_of(row.model_dump()), row.shown_until


def annulled(session: TenantSession) -> Iterator[tuple[str, str]]:
    """Number of every decision that was annulled, and why: what was disclosed of it is taken down (R14.10)."""
    query = select(Decision).where(Decision.status == DecisionStatus.ANNULLED).order_by(Decision.number)
    for row in session.exec(query):
        yield row.number, row.reason


def content_of(facts: Mapping[str, Any]) -> DecisionContent:
    """What is disclosed of a row; without a source of its own the maker is the source."""
    code = str(facts["object_code"])
    sole = facts["object_kind"] == PartyKind.SOLE_OWNER or is_sole_owner_code(code)
    return DecisionContent(
        **{name: facts[name] for name in _ALIKE},
        kind="penalty" if facts["kind"] == DecisionKind.PENALTY else "licence",
        object=DisclosedObject(code, str(facts["object_name"]), sole_owner=sole),
        source=facts["source"] or facts["maker"],
        source_code=facts["source_code"] or facts["maker_code"],
        fine=_decimal(facts["fine"]),
        confiscated=_decimal(facts["confiscated"]),
    )


def _decimal(digits: str | None) -> Decimal | None:
    return None if digits is None else Decimal(digits)


def _rows(file: GoodFile) -> Iterator[CheckedRow]:
    checked = file.checked
    for batch in iter_checked(file.path, checked.kind, digest=checked.digest, sheet=file.sheet):
        yield from batch


def _wrong(session: TenantSession, row: CheckedRow, today: date) -> Iterator[RowError]:
    yield from _personal(session, row)
    lead, decided = str(row.values["lead"]), row.values["decided_on"]
    if lead and _transfer(session, lead) is None:
        yield _error(row, HEADERS["lead"], "lead_unknown", value=lead)
    if isinstance(decided, date) and decided > today:
        yield _error(row, HEADERS["decided_on"], "decided_tomorrow", day=decided, today=today)


def _error(row: CheckedRow, header: str, code: str, **params: object) -> RowError:
    return RowError(row.number, header, code, (TEXTS | PERSONAL_TEXTS)[code].format(**params))


def _personal(session: TenantSession, row: CheckedRow) -> Iterator[RowError]:
    """The same look that everything disclosed is given, before it is kept at all; the reason is disclosed too."""
    content = content_of(row.values)
    authority = Authority(session.tenant, content.maker, content.maker_code, "")
    item = Disclosed(
        authority, content.number, 1, "publish", content, content.decided_on, note=str(row.values["reason"])
    )
    found: dict[tuple[str, str], int] = {}
    for one in lint_disclosed(item, own_numbers(session)):
        place = _header(one), one.kind
        found[place] = found.get(place, 0) + 1
    for (header, kind), count in found.items():
        yield _error(row, header, "personal_data", where=header, kind=PERSONAL_KINDS[kind], count=count)


def _header(finding: Finding) -> str:
    """Of the column of the file that a field of the value comes from."""
    path = finding.where.split(".")
    field = f"object_{path[-1]}" if "object" in path else path[-1]
    return HEADERS.get({"note": "reason", "key": "number"}.get(field, field), HEADERS["number"])


def _transfer(session: TenantSession, lead: str) -> Any:
    no, _, n = lead.rpartition("/")
    return followup.transfer_at(session, no, int(n)) if no and n.isdecimal() and len(n) < 6 else None


def _receive(session: TenantSession, row: CheckedRow, actor: str) -> None:
    """A penalty or licence on a lead is its receipt, unless there is one already."""
    lead = str(row.values["lead"])
    transfer = _transfer(session, lead) if lead and row.values["status"] == DecisionStatus.VALID else None
    if transfer and transfer.receipt_at is None:
        no, _, n = lead.rpartition("/")
        followup.receive_receipt(session, no, int(n), f"决定书 {row.values['number']}", actor=actor)

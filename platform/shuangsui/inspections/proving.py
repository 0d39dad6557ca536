"""The object puts right what was found and shows it itself, through its link (article 15)."""

from __future__ import annotations

from collections.abc import Sequence

from shuangsui.db import TenantSession
from shuangsui.errors import BadInput
from shuangsui.inspections import evidence, followup
from shuangsui.inspections.confirming import LONGEST, plain
from shuangsui.inspections.evidence import File
from shuangsui.inspections.evidence_policy import Limits, clean_name, judge
from shuangsui.inspections.evidence_store import Store
from shuangsui.inspections.links import HOLDER
from shuangsui.inspections.tables import Finding, InspectionTask, Rectification

MOST = 10
"""Files in one go."""


def orders(session: TenantSession, task: InspectionTask) -> list[tuple[Finding, Rectification]]:
    """What the object was told to put right, in the order of the findings."""
    found = [(one, followup.rectification_of(session, one)) for one in followup.findings_of(session, task)]
    return [(finding, order) for finding, order in found if order is not None]


def prove(
    session: TenantSession,
    kept: tuple[Store, Limits],
    task: InspectionTask,
    n: int,
    statement: str,
    files: Sequence[File] = (),
) -> Rectification:
    """What was done about finding ``n``, with files of the kinds that are taken as evidence; overdue or not.

    ``kept``: :func:`evidence.configured`. All files are judged before the first is
    kept; each new one leaves an entry, and the statement one.
    :class:`RuleRefused` ``rectification_state`` while nothing is awaited; :class:`BadInput` ``statement_empty``,
    ``holder_words``, ``proof_files``, and those of :func:`evidence.add`.
    """
    statement = plain(statement, LONGEST)
    followup.require_awaited(session, task.no, n)
    if not statement:
        raise BadInput("statement_empty")
    if len(files) > MOST:
        raise BadInput("proof_files", most=MOST)
    store, limits = kept
    for file in files:
        judge(file.data, clean_name(file.name), limits)
    rows = [evidence.keep(session, store, task, file, actor=HOLDER, limits=limits) for file in files]
    hashes = [row.sha256 for row in rows]
    return followup.hand_in(session, task.no, n, statement, actor=HOLDER, evidence=hashes)

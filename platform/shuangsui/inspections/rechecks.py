"""Re-checks on site 复查 of a rectification (R15.3): visits of a kind of their own, which no yearly counter sees."""

from __future__ import annotations

from collections.abc import Sequence

from shuangsui.access.service import require
from shuangsui.db import TenantSession, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.inspections import codes, followup, frequencies, visits
from shuangsui.inspections.followup_policy import ARTICLE
from shuangsui.inspections.states import RectificationState
from shuangsui.inspections.tables import Rectification, Visit
from shuangsui.inspections.tasks import find_to_change_task, team_of
from shuangsui.ledger.service import record
from shuangsui.planning.policy import officers


def recheck(session: TenantSession, office: Office, no: str, n: int, people: Sequence[str], *, actor: str) -> Visit:
    """Two officers of the team look on site whether the demand was met; :func:`followup.check_rectification` decides.

    :class:`RuleRefused` ``not_of_team``, ``one_officer``, ``visit_cap`` where the cap counts re-checks.
    """
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    found = [finding for finding in followup.findings_of(session, task) if finding.n == n]
    rectification = followup.rectification_of(session, found[0]) if found else None
    if rectification is None:
        raise NotFound("finding_missing", task=no, n=n)
    if rectification.state is RectificationState.PASSED:
        raise RuleRefused("rectification_state", article=ARTICLE, task=no, n=n, act="复查")
    team = team_of(session, task)
    if strangers := [one for one in people if one not in team]:
        raise RuleRefused("not_of_team", article="第十三条", person="、".join(strangers), task=no)
    if len(set(people)) < officers(office.rules(task.rules_on), task.family).least:
        raise RuleRefused("one_officer", article="第十三条", task=no)
    codes.require_code(session, office, task)
    visit = Visit(task_id=task.id, n=len(visits.visits_of(session, task)) + 1, recheck=True)
    today = legal_day(now(session))
    frequencies.require_room(session, office, task, visit, today)
    visit.certificates, visit.certificates_at = sorted(set(people)), now(session)
    visit.started_at = visit.ended_at = visit.certificates_at
    frequencies.enter(session, office, task, visit, today)
    return _recorded(session, visit, rectification, no, actor)


def _recorded(session: TenantSession, visit: Visit, rectification: Rectification, no: str, actor: str) -> Visit:
    rectification.recheck_visit = visit.n
    session.add_all((visit, rectification))
    payload = {"visit": visit.n, "rectification": rectification.no, "people": visit.certificates}
    record(session, "visit.recheck", actor=actor, subject=f"task/{no}", payload=payload)
    return visit

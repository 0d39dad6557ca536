"""What time alone does: leaves of the operator's people end, ended sessions and tokens are cleared away."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from shuangsui import db
from shuangsui.access import service, staff
from shuangsui.db import now
from shuangsui.worker.work import Daily, Job, Work

TIDY = "access.tidy"


def tidy(work: Work) -> None:
    """As long as the authority says, and never less than the law."""
    with db.session(work.engine, work.office.tenant.slug) as session:
        service.tidy(session, now(session) - timedelta(days=work.office.tenant.retention_days))


def end_staff(work: Work, leave: str) -> None:
    """When its hours are over."""
    with db.session(work.engine, work.office.tenant.slug) as session:
        staff.run_out(session, UUID(leave))


JOBS = (Job(TIDY, tidy), Job(staff.END, end_staff))
TIMES = (Daily(TIDY, time(4)),)

"""Every plugin looks at itself once a day, before anybody needs it."""

from __future__ import annotations

from datetime import time

from shuangsui import db
from shuangsui.extension.checking import check_all
from shuangsui.worker.work import Daily, Job, Work

CHECK = "extension.check"


def check(work: Work) -> None:
    """Of one tenant."""
    with db.session(work.engine, work.office.tenant.slug) as session:
        check_all(session, work.office.tenant, work.settings)


JOBS = (Job(CHECK, check),)
TIMES = (Daily(CHECK, time(6, 30)),)

"""What is sealed moves to the current key by itself: after a rotation, and once a day for what was left."""

from __future__ import annotations

from datetime import time
from functools import partial

from shuangsui import db
from shuangsui.errors import OutsideFailed
from shuangsui.migrations import metadata
from shuangsui.texts import sentence
from shuangsui.vault import resealing
from shuangsui.vault.resealing import RESEAL
from shuangsui.worker.work import Daily, Job, Work


def reseal(work: Work) -> None:
    """All there is; what cannot be opened at all is somebody's to look at."""
    sessions = partial(db.session, work.engine, work.office.tenant.slug)
    moved = resealing.reseal(sessions, work.office.vault, metadata())
    if moved.stuck:
        problem = sentence(moved.stuck[0])
        raise OutsideFailed("sealed_stuck", permanent=True, count=len(moved.stuck), problem=problem)


JOBS = (Job(RESEAL, reseal),)
TIMES = (Daily(RESEAL, time(3, 30)),)

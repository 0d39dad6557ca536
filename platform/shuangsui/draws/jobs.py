"""Events that nobody types, and results that nobody asks for: once, whoever else may have done it before."""

from __future__ import annotations

from shuangsui import db
from shuangsui.draws import events, service, witnessing
from shuangsui.draws.office import find
from shuangsui.draws.service import CONCLUDE, FETCH
from shuangsui.ledger.alerts import CLOCK
from shuangsui.worker.work import Job, Work


def fetch_event(work: Work, no: str, name: str) -> None:
    """A draw that waits for something else by now is left alone."""
    with db.session(work.engine, work.office.tenant.slug, readonly=True) as session:
        event = events.awaited(session, find(session, no), name)
    if event is not None:
        witnessing.collect(work.engine, work.office, actor=CLOCK)
        events.fetch(work.engine, work.office, no, event, actor=CLOCK)


def conclude(work: Work, no: str) -> None:
    """The publication follows the entry of the ledger."""
    with db.session(work.engine, work.office.tenant.slug) as session:
        service.conclude(session, work.office, no, actor=CLOCK)


JOBS = (Job(FETCH, fetch_event, draw="no", awaited=True), Job(CONCLUDE, conclude, draw="no", awaited=True))

"""What follows official acts: cosignatures, then the public pages; and every receiver's own work."""

from __future__ import annotations

from functools import partial

from shuangsui import db
from shuangsui.disclosure import deliveries, notices, publishing, terms
from shuangsui.disclosure.following import press_of
from shuangsui.disclosure.ways import PORTAL, portal_ways
from shuangsui.draws import witnessing
from shuangsui.draws.freezing import legal_day
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.policy import FOLLOW
from shuangsui.outbox import ask
from shuangsui.rules import calendars
from shuangsui.worker.work import Job, Prompt, Work


def follow(work: Work) -> None:
    """Bring the public pages up to what the ledger says; what is public already is left alone."""
    witnessing.collect(work.engine, work.office, actor=CLOCK)
    with db.session(work.engine, work.office.tenant.slug) as session:
        publishing.publish_site(session, work.office, press_of(work.office, work.settings), actor=CLOCK)


def deliver(work: Work, channel: str) -> None:
    """Serve one receiver; what it confirmed closes terms, and what the portal shows appears in the lists."""
    press = press_of(work.office, work.settings)
    ways = {way.channel: way for way in (*portal_ways(press.channels), *press.exporters)}
    sessions = partial(db.session, work.engine, work.office.tenant.slug)
    with sessions() as session:
        deliveries.reroute(session, work.office, channel, ways)
    if channel not in ways:
        return
    confirmed = deliveries.drain(sessions, work.office, ways[channel])
    if confirmed:
        with sessions() as session:
            terms.settle(session)
            if ways[channel].duty == PORTAL:
                ask(session, FOLLOW)


def follow_calendar(work: Work) -> None:
    """A notice that the authority above took in moves this one's terms, in its own ledger and with its own alerts."""
    with db.session(work.engine, work.office.tenant.slug) as session:
        notices.follow(session, work.office, legal_day(db.now(session)))


CALENDAR = "calendar.follow"
JOBS = (
    Job(FOLLOW, follow, attempts=None, awaited=True),
    Job(deliveries.DELIVER, deliver, attempts=None, awaited=True),
    Job(CALENDAR, follow_calendar),
)
PROMPTS = (Prompt(CALENDAR, calendars.newest),)

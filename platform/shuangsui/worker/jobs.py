"""What is done every day whether or not anybody is at work: registers pulled, terms looked at."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import exists
from sqlmodel import col, select

from shuangsui import db
from shuangsui.catalogue import watch as catalogue_watch
from shuangsui.db import TenantSession
from shuangsui.disclosure import watch as disclosure_watch
from shuangsui.disclosure.tables import Publication
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.extension import feeds, pools
from shuangsui.inspections import watch as inspection_watch
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.policy import FOLLOW
from shuangsui.outbox import ask, enqueue
from shuangsui.planning import watch as planning_watch
from shuangsui.registry import history
from shuangsui.registry import pools as registry_pools
from shuangsui.registry import watch as registry_watch
from shuangsui.registry.feeds import Puller, pull
from shuangsui.rules import calendars
from shuangsui.worker.work import Daily, Job, Work


def look_at_terms(work: Work) -> None:
    """Raise and clear the alerts of every area; what time alone makes public, or takes down, follows.

    Where nothing has ever been public, nothing follows: an authority does not get a site by the clock.
    """
    with db.session(work.engine, work.office.tenant.slug) as session:
        sweep(session, work.office, legal_day(db.now(session)))
        if session.exec(select(exists(select(col(Publication.id))))).one():
            ask(session, FOLLOW)


def sweep(session: TenantSession, office: Office, today: date) -> None:
    """Every area's own look at its terms; each change is a transaction of its own: no act waits for the whole look."""
    rules = office.rules(today)
    registry_watch.sweep(session, rules, today)
    registry_watch.sweep_pools(session, office.tenant, rules, today)
    calendar = calendars.in_force(session, office.tenant)
    calendars.watch(session, calendar, today)
    catalogue_watch.sweep(session, calendar, rules, today)
    planning_watch.sweep(session, rules, today)
    session.commit()
    inspection_watch.sweep(session, calendar, rules, today)
    disclosure_watch.sweep(session, calendar, rules, today)


def ask_for_feeds(work: Work) -> None:
    """One piece of work for each feed and each distant pool, so that one that is down keeps no other waiting."""
    with db.session(work.engine, work.office.tenant.slug) as session:
        today = legal_day(db.now(session))
        for feed in feeds.feeds(work.office.tenant, work.settings):
            key = feeds.key_of(feed)
            enqueue(session, PULL, key=f"{key}/{today}", feed=key)
        for pool in pools.distant(work.office.tenant, work.settings):
            key = pools.key_of(pool)
            enqueue(session, PULL_POOL, key=f"{key}/{today}", pool=key)


def pull_feed(work: Work, feed: str) -> None:
    """As ``registry feed pull``; a failure stands in the ledger and is tried again."""
    office = work.office
    with db.session(work.engine, office.tenant.slug, readonly=True) as session:
        rules = office.rules(history.legal(db.now(session)))
    chosen = feeds.chosen(office.tenant, feed, work.settings)
    pull(Puller(work.engine, office.tenant, chosen, rules, work.settings, CLOCK))


def pull_pool(work: Work, pool: str) -> None:
    """As ``registry pool pull``; a failure stands in the ledger and is tried again."""
    office = work.office
    with db.session(work.engine, office.tenant.slug, readonly=True) as session:
        rules = office.rules(history.legal(db.now(session)))
    chosen = pools.chosen(office.tenant, pool, work.settings)
    registry_pools.pull(registry_pools.Puller(work.engine, office.tenant, chosen, rules, work.settings, CLOCK))


PULL, PULL_POOL = "registry.pull", "registry.pull_pool"
JOBS = (
    Job("terms.look", look_at_terms),
    Job("registry.ask", ask_for_feeds),
    Job(PULL, pull_feed, attempts=8),
    Job(PULL_POOL, pull_pool, attempts=8),
)
TIMES = (Daily("registry.ask", time(2)), Daily("terms.look", time(3)))

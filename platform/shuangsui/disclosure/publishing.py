"""Publish what is in force: one authority's draws and lists, gathered from the areas, handed to its channels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from shuangsui import db
from shuangsui.catalogue.views import published_view
from shuangsui.contracts import Bundle, DisclosureChannel, Receipt
from shuangsui.db import TenantSession, now
from shuangsui.disclosure import (
    accessibility,
    deliveries,
    disclosures,
    exempt,
    existence,
    feed,
    opendata,
    provisions,
    screening,
    service,
    shown,
    terms,
    views,
    watch,
)
from shuangsui.disclosure.clocks import Terms
from shuangsui.disclosure.site import Render, Shell, Site, assets, authorities
from shuangsui.disclosure.transcripts import draw_page
from shuangsui.disclosure.ways import PortalWay, Way, portal_ways
from shuangsui.draws import transcripts
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office, find
from shuangsui.draws.tables import Draw
from shuangsui.ledger import rollback
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.planning import overrides
from shuangsui.planning import service as planning
from shuangsui.planning.tables import AnnualPlan, PlanState
from shuangsui.rules import calendars
from shuangsui.settings import from_environment
from shuangsui.tenancy.tenant import Tenant

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Press:
    """How pages are made and where they go.

    ``statics`` are the files of ``/static/``, ``address`` is where the tree is published (without ``/`` at its end),
    ``exporters`` are the receivers besides its channels,
    ``public`` is the tree on this disk, from which the list of authorities is read; that of the environment by default.
    """

    render: Render
    statics: Mapping[str, bytes]
    address: str
    channels: Sequence[DisclosureChannel]
    public: Path = field(default_factory=lambda: from_environment().public)
    exporters: Sequence[Way] = ()


def publish_site(session: TenantSession, office: Office, press: Press, *, actor: str) -> list[Receipt]:
    """Everything the authority has public, every draw included. Commits, see :func:`service.publish`."""
    draws = transcripts.public_draws(session)
    return _publish(session, office, press, draws, actor)


def publish_draw(session: TenantSession, office: Office, press: Press, no: str, *, actor: str) -> list[Receipt]:
    """One draw's folder with its complete transcript first, then the pages that link to it; nothing while hidden."""
    one = find(session, no)
    return _publish(session, office, press, [] if one.state in transcripts.HIDDEN else [one], actor)


def _publish(session: TenantSession, office: Office, press: Press, draws: Iterable[Draw], actor: str) -> list[Receipt]:
    """The list of authorities comes last: it is read from what this authority has just published.

    Before every list come the things that it lists, so that no page links to what is not there.
    """
    rollback.check(session)
    carry_on(session, office, press)
    site = _site(session, office, press)
    bundles = [*(_draw(session, office, site, one) for one in draws), *_lists(session, office, site, press.statics)]
    screen = screening.Screen.of(session, office.tenant)
    done = service.publish(session, [assets(press.statics), *bundles], press.channels, actor=actor, screen=screen)
    front = authorities(site.shell, _authorities(press.public, office.tree))
    return done + service.publish(session, [front], press.channels, actor=actor, screen=screen)


def carry_on(session: TenantSession, office: Office, press: Press) -> None:
    """Make what is decided, spread it, and bring the portal up to date; the other receivers have their own work."""
    today = legal_day(now(session))
    rules, calendar = office.rules(today), calendars.in_force(session, office.tenant)
    wanted = Terms.of(rules)
    watch.tell(session, terms.refresh(session, wanted, calendar, today), wanted)
    ways, duties, whole = [*portal_ways(press.channels), *press.exporters], rules.names("publication.channels"), True
    while whole:
        whole = len(disclosures.catch_up(session, office, press.address)) == disclosures.PORTION
        deliveries.spread(session, office, ways, duties, deliveries.unspread(session))
        session.commit()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    for way in ways:
        if isinstance(way, PortalWay):
            deliveries.drain(lambda: db.session(engine, session.tenant), office, way)
    terms.settle(session)


def _site(session: TenantSession, office: Office, press: Press) -> Site:
    """The authority's part of the tree as of its last act, so that the same state gives the same bytes at any time.

    It is marked as a demonstration if any of its draws is one.
    """
    tenant, plans = office.tenant, _plans(session)
    demo = any(draw.draft["ext"].get("demo") for draw in transcripts.public_draws(session))
    shell = Shell(press.render, press.address, demo, _as_of(session))
    return Site(shell, tenant.slug, tenant.name, plans[0].year if plans else None, (f"主办：{tenant.name}",))


def _as_of(session: TenantSession) -> datetime:
    """When the authority last did anything but publish."""
    kinds = [~col(LedgerEntry.act).startswith(kind) for kind in ("disclosure.", "checkpoint.", "witness.", "key.")]
    acts = select(LedgerEntry.time).where(*kinds)
    return session.exec(acts.order_by(col(LedgerEntry.n).desc()).limit(1)).first() or now(session)


def _draw(session: TenantSession, office: Office, site: Site, one: Draw) -> Bundle:
    """One draw's transcript with its page."""
    files, view = transcripts.transcript(session, office, one), transcripts.public_view(session, one)
    return site.draw({**draw_page(files, views.about_draw(view)), "state": views.STATES[view["state"]]}, files)


def _lists(session: TenantSession, office: Office, site: Site, statics: Mapping[str, bytes]) -> list[Bundle]:
    """Every list and the first page, after whatever they link to."""
    draws = [transcripts.public_view(session, one) for one in transcripts.public_draws(session)]
    summaries, counts = [views.draw_summary(one) for one in draws], transcripts.tally(session)
    catalogue: View | None = published_view(session)
    keyed = shown.result_rows(session)
    rows, listed = [row for _, row in keyed], views.catalogue_page(catalogue, office.level) if catalogue else None
    plans = _plan_pages(session, draws, catalogue)
    return [
        site.items(listed),
        *(site.plan(page, [one["year"] for one in plans]) for page in plans),
        site.draws(counts, summaries),
        site.verify(summaries, statics),
        site.results(rows),
        site.rules(provisions.page(office, legal_day(_as_of(session)))),
        site.accessibility(accessibility.statement(office.tenant.public_numbers)),
        site.special(exempt.quarters(session, office), exempt.numbers(session)),
        _open_data(site, plans, summaries, keyed, listed),
        site.home(
            counts,
            summaries[: views.LATEST],
            rows[: views.LATEST],
            views.catalogue_summary(catalogue) if catalogue else None,
            existence.notices(session, office.tree),
        ),
    ]


def _authorities(public: Path, tenants: Iterable[Tenant]) -> list[View]:
    """The authorities that have published anything, from what the public tree already says of each."""
    found = ((tenant, _published(public / tenant.slug)) for tenant in tenants)
    return [{"slug": tenant.slug, "name": tenant.name, **facts} for tenant, facts in found if facts]


def _published(folder: Path) -> View | None:
    draws, rows = folder / "draws" / "index.json", folder / "results" / "index.json"
    if not (draws.is_file() and rows.is_file()):
        return None
    listed: Sequence[View] = json.loads(draws.read_bytes())["draws"]
    settled = [one["settled_at"] for one in listed if one["settled_at"]]
    return {
        "draws": len(listed),
        "results": len(json.loads(rows.read_bytes())["results"]),
        "latest": max(settled, default=None),
    }


def _open_data(
    site: Site, plans: list[View], draws: list[View], keyed: list[tuple[str, View]], listed: View | None
) -> Bundle:
    """The rows of the pages once more, as tables and as a feed."""
    tables = [
        opendata.plans(plans),
        opendata.draws(draws, site.root),
        opendata.results(keyed, site.root, site.name),
        opendata.items(listed),
    ]
    newest = feed.entries(plans, draws, keyed)
    return site.opendata(tables, feed.feed(site.slug, site.name, site.root, newest, site.shell.made_at))


def _plan_pages(session: TenantSession, draws: list[View], catalogue: View | None) -> list[View]:
    modes = {item["code"]: item["method"] or "" for item in catalogue["items"]} if catalogue else {}
    plans = _plans(session)
    drawn = {plan.year: [one for one in draws if one["no"].startswith(f"{plan.year}-")] for plan in plans}
    pages = []
    for plan in plans:
        count = overrides.approved_count(session, plan.year)
        pages.append(views.plan_page(planning.view(session, plan), drawn[plan.year], modes, count))
    return pages


def _plans(session: TenantSession) -> Sequence[AnnualPlan]:
    """Published ones, the newest year first."""
    query = select(AnnualPlan).where(AnnualPlan.state == PlanState.PUBLISHED)
    return session.exec(query.order_by(col(AnnualPlan.year).desc())).all()

"""What follows an act, once it stands: cosignatures, then publication; after a page as after a command.

The act is committed first: whatever fails here says that it was done and is mended by publishing again.
"""

from __future__ import annotations

from sqlalchemy import Engine

from shuangsui import db
from shuangsui.disclosure import publishing
from shuangsui.disclosure.publishing import Press
from shuangsui.disclosure.ways import exporter_ways
from shuangsui.draws import witnessing
from shuangsui.draws.office import Office
from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.extension.service import channels, site_address
from shuangsui.pages import Here
from shuangsui.settings import Settings, from_environment
from shuangsui.texts import sentence
from shuangsui.web.rendering import render, static_files


def publish_site(here: Here) -> None:
    """Item list, plans, draws and every other page as they are in force; ``done_site_not_published``."""
    engine, tenant = standing(here), here.office.tenant.slug
    try:
        witnessing.collect(engine, here.office, actor=here.actor.login)
        with db.session(engine, tenant) as session:
            publishing.publish_site(session, here.office, press_of(here.office), actor=here.actor.login)
    except ShuangsuiError as error:
        raise OutsideFailed("done_site_not_published", why=sentence(error)) from error


def publish_draw(here: Here, no: str) -> None:
    """One draw after a step of it, and the pages that link to it."""
    follow_draw(standing(here), here.office, no, actor=here.actor.login)


def follow_draw(engine: Engine, office: Office, no: str, *, actor: str, settings: Settings | None = None) -> None:
    """The same outside a page: the act is committed; ``done_not_published`` says that it stands."""
    try:
        witnessing.collect(engine, office, actor=actor)
        with db.session(engine, office.tenant.slug) as session:
            publishing.publish_draw(session, office, press_of(office, settings), no, actor=actor)
    except ShuangsuiError as error:
        raise OutsideFailed("done_not_published", draw=no, why=sentence(error)) from error


def press_of(office: Office, settings: Settings | None = None) -> Press:
    """The pages through the authority's channels; relative addresses if its portal names none."""
    statics = {path: file.read_bytes() for path, file in static_files().items()}
    environment = settings or from_environment()
    exporters = exporter_ways(office.tenant, environment)
    given = channels(office.tenant, environment)
    return Press(render, statics, portal_of(office), given, environment.public, exporters)


def portal_of(office: Office) -> str:
    """Where the public site is published; empty if no disclosure channel names an address."""
    return site_address(office.tenant)


def standing(here: Here) -> Engine:
    """Commit what the act did and hand out the engine, for what needs transactions of its own."""
    here.session.commit()
    return engine_of(here)


def engine_of(here: Here) -> Engine:
    """Of the request, for what opens units of work of its own; a page's is read-only."""
    engine = here.session.get_bind()
    assert isinstance(engine, Engine)
    return engine

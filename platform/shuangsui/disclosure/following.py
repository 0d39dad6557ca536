"""What follows an act done on a page, once it stands: cosignatures, then publication, as after a command.

The act is committed first: whatever fails here says that it was done and is mended by publishing again.
"""

from __future__ import annotations

from sqlalchemy import Engine

from shuangsui import db
from shuangsui.disclosure import publishing
from shuangsui.disclosure.publishing import Press
from shuangsui.draws import witnessing
from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.extension.service import channels
from shuangsui.pages import Here
from shuangsui.texts import sentence
from shuangsui.web.rendering import render, static_files


def publish_site(here: Here) -> None:
    """Item list, plans, draws and every other page as they are in force; ``done_site_not_published``."""
    engine, tenant = standing(here), here.office.tenant.slug
    try:
        witnessing.collect(engine, here.office, actor=here.actor.login)
        with db.session(engine, tenant) as session:
            publishing.publish_site(session, here.office, _press(here), actor=here.actor.login)
    except ShuangsuiError as error:
        raise OutsideFailed("done_site_not_published", why=sentence(error)) from error


def publish_draw(here: Here, no: str) -> None:
    """One draw after a step of it, and the pages that link to it; ``done_not_published``."""
    engine, tenant = standing(here), here.office.tenant.slug
    try:
        witnessing.collect(engine, here.office, actor=here.actor.login)
        with db.session(engine, tenant) as session:
            publishing.publish_draw(session, here.office, _press(here), no, actor=here.actor.login)
    except ShuangsuiError as error:
        raise OutsideFailed("done_not_published", draw=no, why=sentence(error)) from error


def standing(here: Here) -> Engine:
    """Commit what the act did and hand out the engine, for what needs transactions of its own."""
    here.session.commit()
    return engine_of(here)


def engine_of(here: Here) -> Engine:
    """Of the request, for what opens units of work of its own; a page's is read-only."""
    engine = here.session.get_bind()
    assert isinstance(engine, Engine)
    return engine


def _press(here: Here) -> Press:
    """The pages through the authority's channels; relative addresses if its portal names none."""
    statics = {path: file.read_bytes() for path, file in static_files().items()}
    address = here.office.tenant.options("channel-portal").get("address")
    return Press(render, statics, str(address.value) if address else "", channels(here.office.tenant))

"""Publishing from the command line: the pages of the web package through the tenant's channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shuangsui.disclosure import publishing
from shuangsui.disclosure.publishing import Press
from shuangsui.extension.service import channels
from shuangsui.web.rendering import render, static_files

if TYPE_CHECKING:  # desk.py hands itself in
    from shuangsui.cli.desk import Desk


def press(desk: Desk) -> Press:
    """The press of a tenant; the portal's address is that of its channel, relative if it names none."""
    statics = {path: file.read_bytes() for path, file in static_files().items()}
    address = desk.office.tenant.options("channel-portal").get("address")
    return Press(render, statics, str(address.value) if address else "", channels(desk.office.tenant, desk.settings))


def publish_draw(desk: Desk, no: str, *, actor: str) -> None:
    """Publish a draw and the pages that mention it."""
    with desk.session() as session:
        publishing.publish_draw(session, desk.office, press(desk), no, actor=actor)


def publish_site(desk: Desk, *, actor: str) -> None:
    """Publish every page of the tenant."""
    with desk.session() as session:
        publishing.publish_site(session, desk.office, press(desk), actor=actor)

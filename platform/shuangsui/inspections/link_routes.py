"""The object's link: how officials hand it over, and what the public pages behind it share.

These pages know nobody: no cookie, no sign-in. The token in their address is all that they ask for, so it stands in no
log, no cache and no address that a browser would tell others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from litestar import Response
from pydantic import BaseModel

from shuangsui import db
from shuangsui.db import TenantSession, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import NotFound, ShuangsuiError
from shuangsui.inspections import links
from shuangsui.inspections.common_routes import reached
from shuangsui.inspections.links import Held
from shuangsui.ledger import complete
from shuangsui.pages import Here, act
from shuangsui.pages.guards import House
from shuangsui.texts import sentence
from shuangsui.web.languages import ASKED, CHINESE, word
from shuangsui.web.rendering import render

T = TypeVar("T")
TOKEN = re.compile(r"[a-z][a-z0-9-]{0,31}\.[\w-]{20,64}", re.ASCII)
"""What a token looks like: anything else opens no session."""
PUBLIC = {"public": True}
HTML = "text/html; charset=utf-8"
LARGEST = 64 << 10
"""Bytes of a form without files."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a valid link, in a unit of work of the authority that the token names."""

    session: TenantSession
    office: Office
    held: Held
    today: date


def hand_over(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The same link whenever it is asked for, used or not; not for those who inspect."""
    token = links.make_link(here.session, here.office, reached(here).no, actor=here.actor.login)
    return {"once": f"/e/{token}"}


def renew(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The former link is void."""
    token = links.renew(here.session, here.office, reached(here).no, actor=here.actor.login)
    return {"once": f"/e/{token}"}


@contextmanager
def session_of(house: House, token: str, missing: str, *, readonly: bool = False) -> Iterator[TenantSession]:
    """A session of the authority that the token names; :class:`NotFound` ``missing`` for what is none."""
    if not TOKEN.fullmatch(token):
        raise NotFound(missing)
    with db.session(house.engine, links.tenant_of(token), readonly=readonly) as session:
        yield session


def within(house: House, token: str, do: Callable[[Holder], T], *, readonly: bool = False) -> T:
    """What the holder of a valid link does or sees; :class:`NotFound` ``object_link`` for any other.

    What is changed and not written down is undone: :class:`complete.Unrecorded`.
    """
    with session_of(house, token, "object_link", readonly=readonly) as session:
        held = links.opened(session, token) if readonly else links.opened_to_change(session, token)
        today = legal_day(now(session))
        made = do(Holder(session, house.office(session, today), held, today))
        if not readonly:
            complete.check(session)
    return made


def query_of(language: str) -> str:
    """What keeps the language in every address behind a link."""
    return "" if language == CHINESE else f"?{ASKED}={language}"


def told_of(error: ShuangsuiError, language: str) -> str:
    """The sentence of an error that whoever holds a link can meet: one of ``messages.TO_HOLDERS``."""
    return word(language, sentence(error))


def answered(template: str, status: int, language: str, **context: object) -> Response[str]:
    """A page behind a link; ``query`` keeps its language in the addresses it names."""
    text = render(template, language, query=query_of(language), **context)
    return Response(text, status_code=status, media_type=HTML)


ACTS = [
    act("/tasks/{no:str}/feedback", verb="send_feedback", do=hand_over, title="取得检查对象链接",
        done="把这个链接连同本平台的网址交给检查对象，不要交给检查人员："),
    act("/tasks/{no:str}/renew-feedback", verb="read_feedback", do=renew, title="换发检查对象链接",
        done="原链接已作废。把新的链接连同本平台的网址交给检查对象："),
]  # fmt: skip

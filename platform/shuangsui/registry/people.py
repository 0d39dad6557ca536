"""Whether a number stands for somebody in the registries of people."""

from __future__ import annotations

from sqlmodel import select

from shuangsui.access.tables import PersonOf
from shuangsui.db import TenantSession
from shuangsui.errors import NotFound
from shuangsui.registry.tables import Expert, Inspector


def require_person(session: TenantSession, kind: PersonOf, number: str) -> str:
    """The name of the person with this number; :class:`NotFound` ``person_unlisted``."""
    if kind is PersonOf.INSPECTOR:
        query = select(Inspector.name).where(Inspector.cert_no == number)
    else:
        query = select(Expert.name).where(Expert.expert_no == number)
    name = session.exec(query).one_or_none()
    if name is None:
        raise NotFound("person_unlisted", number=number)
    return name

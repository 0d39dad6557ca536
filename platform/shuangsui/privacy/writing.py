"""What people write for everybody to read: reasons, explanations, the list; looked at before it is kept.

An authority's own telephones, fax numbers and addresses may be in it, those that it publishes itself. The unit of work
knows them, as it knows the authority, so that no act can forget to let them pass.
"""

from __future__ import annotations

from collections.abc import Mapping

from shuangsui.db import TenantSession
from shuangsui.privacy.scanning import lint_texts, refuse
from shuangsui.tenancy.tenant import Tenant

_OWN = "own_numbers"


def know_own(session: TenantSession, tenant: Tenant) -> None:
    """Let pass what ``tenant``, whose session this is, publishes itself."""
    session.info[_OWN] = tenant.public_numbers


def own_numbers(session: TenantSession) -> tuple[str, ...]:
    """What passes; nothing before :func:`know_own`."""
    found: tuple[str, ...] = session.info.get(_OWN, ())
    return found


def require_public(session: TenantSession, texts: Mapping[str, str]) -> None:
    """:class:`RuleRefused` ``personal_data`` with the name of the first field that names a natural person."""
    refuse(lint_texts(texts.items(), own_numbers(session)))

"""Every byte of a bundle is looked at before the first channel is called (threat 14): transcripts, pages, tables, feed.

What was found clean is remembered by its bytes, so that publishing again looks only at what has changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from typing import Any

from sqlmodel import select

from shuangsui.access.policy import Role
from shuangsui.contracts import Bundle, PublicFile
from shuangsui.db import TenantSession
from shuangsui.disclosure.messages import PATH
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.ledger.alerts import clear_alert, open_alerts, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.privacy.messages import TEXTS
from shuangsui.privacy.scanning import LAW, Finding, refuse, scan_bytes, scan_text
from shuangsui.registry.tables import Expert, InspectionObject, Inspector
from shuangsui.registry.uscc import check_code
from shuangsui.tenancy.tenant import Tenant

HELD = "publication_held"
"""The alert of a bundle that was not sent."""
OFFICES = (Role.LEAD_OFFICE, Role.SYSTEM_ADMIN)
_MOST = 2**16
_LIKE_A_PERSON_S = re.compile("[0-9]{15}|[0-9]{17}[0-9X]")
_clean: dict[tuple[str | None, str, bytes, tuple[str, ...]], None] = {}


def _nothing() -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Screen:
    """What passes although it looks like a person's number.

    ``numbers``: the authority's own, as it lists them; ``lawful``: codes and certificates, asked for only where
    something was found.
    """

    numbers: tuple[str, ...] = ()
    lawful: Callable[[], Collection[str]] = _nothing

    @classmethod
    def of(cls, session: TenantSession, tenant: Tenant) -> Screen:
        """An authority's; its registries are asked once, and nothing is held while files are looked at."""

        @cache
        def lawful() -> Collection[str]:
            found = _lawful_numbers(session)
            session.commit()
            return found

        return cls(tenant.public_numbers, lawful)

    def problem(self, bundle: Bundle) -> dict[str, Any] | None:
        """Why the bundle must not go out, as an error is kept; None if nothing personal is in it."""
        try:
            refuse([one for file in bundle.files for one in self._found(bundle.tenant, file)])
        except (RuleRefused, BadInput) as error:
            return error.kept()
        return None

    def _found(self, tenant: str | None, file: PublicFile) -> list[Finding]:
        key = tenant, file.media_type, sha256(file.data).digest(), self.numbers
        found = [Finding(one.kind, PATH) for one in scan_text(file.path, self.numbers)]
        if key in _clean:
            return found
        if inside := self._inside(file):
            return [*found, *inside]
        if len(_clean) >= _MOST:
            _clean.clear()
        _clean[key] = None
        return found

    def _inside(self, file: PublicFile) -> list[Finding]:
        found = _scanned(file, self.numbers)
        return _scanned(file, [*self.numbers, *self.lawful()]) if found else []


BARE = Screen()
"""Nothing passes."""


def _lawful_numbers(session: TenantSession) -> set[str]:
    """Certificates of inspectors and experts, and codes of objects that pass their own check (R14.6)."""
    codes = {code for code in session.exec(select(InspectionObject.code)) if _LIKE_A_PERSON_S.fullmatch(code)}
    known = {code for code in codes if check_code(code).error is None}
    return known | {*session.exec(select(Inspector.cert_no))} | {*session.exec(select(Expert.expert_no))}


def settle(session: TenantSession, bundles: Iterable[Bundle], problems: Iterable[dict[str, Any] | None]) -> None:
    """Alarm for what is held, and no alarm any more for what goes out."""
    found = {f"{one.kind}/{one.key}": problem for one, problem in zip(bundles, problems, strict=True)}
    for subject, problem in found.items():
        if problem:
            raise_alert(session, HELD, subject, level=AlertLevel.BREACH, article=LAW, facts=problem, to=OFFICES)
    for alert in open_alerts(session, HELD):
        if alert.subject in found and not found[alert.subject]:
            clear_alert(session, HELD, alert.subject)


def spoken(problem: dict[str, Any]) -> str:
    """The sentence, which names the file and the field."""
    return TEXTS[problem["code"]].format(**problem["params"])


def _scanned(file: PublicFile, allowed: Collection[str]) -> list[Finding]:
    try:
        return [
            replace(one, where=f"{file.path} {one.where}") for one in scan_bytes(file.data, file.media_type, allowed)
        ]
    except BadInput as error:
        where = f"{file.path} {error.params['where']}"
        raise BadInput("lint_unreadable", where=where, reason=error.params["reason"]) from error

"""A database that is older than what the public has seen of it: a backup that hides draws (trust.md threat 26).

Every published checkpoint says how long the draw log was and what its tree's root was. A process looks at the newest
of them, and at what the outside witnesses cosigned, when it begins (:mod:`shuangsui.ledger.first_look`); else at the
published ones before the first act of an authority. One whose log is shorter or another one may only be looked at, and
so may one that has published and has nothing left to be compared with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import and_, col, or_, select

from fairdraw.checkpoint import Key, Note, Trust, log_root, read_trust
from fairdraw.failures import Failure
from shuangsui.db import TenantSession
from shuangsui.errors import RuleRefused
from shuangsui.ledger import policy
from shuangsui.ledger.heads import Head, published
from shuangsui.ledger.keys import verifier_key
from shuangsui.ledger.tables import DrawLogEntry, KeyRole, LedgerEntry, SigningKey

BEHIND, UNPROVED = "ledger_rolled_back", "ledger_unproved"
STILL_ALLOWED = ("session.",)
"""Beginnings of acts: people sign in to look."""
ACCEPT = "ledger.accept"
GOING_ON = (ACCEPT, "tenant.restore")
"""Acts by which somebody answers for a database whose publications are not here."""
_known: dict[tuple[str, str, str], Standing] = {}


@dataclass(frozen=True, slots=True)
class Lag:
    """Why an authority may only be looked at: ``code`` of the sentence.

    The checkpoint of ``published`` entries is not one of the log of ``found`` entries; or none was found in ``place``.
    """

    published: int
    found: int
    code: str = BEHIND
    place: str = ""

    def refusal(self, tenant: str) -> RuleRefused:
        """The same as an error."""
        return RuleRefused(self.code, tenant=tenant, published=self.published, found=self.found, place=self.place)

    @property
    def allowed(self) -> tuple[str, ...]:
        """Beginnings of the acts that it does not refuse."""
        return STILL_ALLOWED + (GOING_ON if self.code == UNPROVED else ())


@dataclass(frozen=True, slots=True)
class Standing:
    """What was compared: ``found`` entries of the log with the newest published and the newest cosigned checkpoint.

    ``silent`` names the outside witnesses that did not answer.
    """

    found: int
    published: int = 0
    cosigned: int = 0
    silent: tuple[str, ...] = ()
    lag: Lag | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is compared besides the public tree: keys of witnesses, and what outside witnesses said."""

    witnesses: Sequence[Key] = ()
    heads: Sequence[Head] = ()
    silent: tuple[str, ...] = ()


def check(session: TenantSession, act: str = "") -> None:
    """:class:`RuleRefused` ``ledger_rolled_back``, ``ledger_unproved`` for a tenant that may only be looked at."""
    if not act.startswith(STILL_ALLOWED) and (found := lag(session)) and not act.startswith(found.allowed):
        raise found.refusal(session.tenant)


def lag(session: TenantSession) -> Lag | None:
    """What this process found out about the tenant; None if all that was published is in the log."""
    known = standing(session)
    return known.lag if known else None


def standing(session: TenantSession) -> Standing | None:
    """What this process found out, looked up at the first need; None without a public tree."""
    key, public = _key(session)
    return _known.get(key) or (look(session) if public else None)


def look(session: TenantSession, evidence: Evidence | None = None) -> Standing:
    """Compare now, and remember it; what has nothing to be compared with is looked up again, since that is mended."""
    key, public = _key(session)
    found = compared(session, public, evidence)
    if found.lag and found.lag.code == UNPROVED:
        _known.pop(key, None)
    else:
        _known[key] = found
    return found


def compared(session: TenantSession, public: Path | None, evidence: Evidence | None = None) -> Standing:
    """The log against what was published below ``public`` and what witnesses said."""
    evidence = evidence or Evidence()
    trust, place = Trust(_own_keys(session), evidence.witnesses), (public or Path()) / session.tenant
    shown = published(place, trust) if public else []
    heads = [*shown, *evidence.heads]
    lines = [line.encode() for line in session.exec(select(DrawLogEntry.line).order_by(col(DrawLogEntry.i)))]
    behind = [head.size for head in heads if not _agrees(head.note, lines)]
    found = Lag(max(behind), len(lines)) if behind else None
    if not heads and _has_published(session):
        found = Lag(0, len(lines), UNPROVED, str(place))
    sizes, cosigned = [head.size for head in shown], [head.size for head in heads if head.cosigned]
    return Standing(len(lines), max(sizes, default=0), max(cosigned, default=0), evidence.silent, found)


def forget() -> None:
    """As in a new process."""
    _known.clear()


def _key(session: TenantSession) -> tuple[tuple[str, str, str], Path | None]:
    bind = session.get_bind()
    public: Path | None = bind.get_execution_options().get("public")
    return (str(bind.engine.url), str(public), session.tenant), public


def _own_keys(session: TenantSession) -> Sequence[Key]:
    keys = session.exec(select(SigningKey).where(SigningKey.role == KeyRole.LOG))
    return read_trust("".join(f"log {verifier_key(key)}\n" for key in keys)).logs


def _has_published(session: TenantSession) -> bool:
    """Whether the ledger has a draw's confirmed publication, since anybody answered for going on without it."""
    draws = and_(col(LedgerEntry.act) == "disclosure.publish", col(LedgerEntry.subject).startswith("draw/"))
    rows = select(LedgerEntry.act, LedgerEntry.payload).where(or_(col(LedgerEntry.act).in_(GOING_ON), draws))
    for act, payload in session.exec(rows.order_by(col(LedgerEntry.n).desc())):
        if act in GOING_ON:
            return False
        if '"state":"confirmed"' in payload:
            return True
    return False


def _agrees(note: Note, lines: list[bytes]) -> bool:
    known = lines[: note.size]
    try:
        return len(known) == note.size and log_root(known, policy.read_lines(known).suite) == note.root
    except Failure:
        return False

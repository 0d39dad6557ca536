"""What is disclosed: made once it is decided, corrected and taken down by new revisions; content never changes.

Everything here is a row of one transaction; the ways to the public stand in :mod:`shuangsui.disclosure.deliveries`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, islice

from sqlmodel import col, select

from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.disclosed import Content, NoticeContent, ResultContent, WithheldContent
from shuangsui.disclosure import contents, decisions, rulings
from shuangsui.disclosure.decided import decided
from shuangsui.disclosure.policy import DEAD_LETTER, LEFT, Action, Choice, DeliveryState
from shuangsui.disclosure.tables import Delivery, Disclosure, Term
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office, find
from shuangsui.errors import NotFound
from shuangsui.inspections import results
from shuangsui.inspections.tables import InspectionResult, InspectionTask
from shuangsui.inspections.tasks import find_task
from shuangsui.ledger.alerts import CLOCK, clear_alert
from shuangsui.ledger.service import record

RESULT, ROUND, WITHHELD, DECISION, NOTICE = "result", "round", "withheld", "decision", "notice"
EXPIRED, CORRECTED = "公示期限届满", "决定信息有更正"
PORTION = 50
ACTS = {
    Action.PUBLISH: "disclosure.make", Action.CORRECT: "correction.publish", Action.WITHDRAW: "takedown.publish",
}  # fmt: skip


def make(
    session: TenantSession,
    kind: str,
    key: str,
    content: Content,
    *,
    actor: str,
    action: Action = Action.PUBLISH,
    note: str = "",
    until: date | None = None,
    draw_no: str | None = None,
    task_no: str | None = None,
    part: int | None = None,
) -> Disclosure:
    """The next revision; what an older one has not delivered yet is superseded."""
    contents.require_complete(content)
    lock_tenant(session)
    before, moment = newest(session, kind, key), now(session)
    row = Disclosure(
        kind=kind, key=key, revision=before.revision + 1 if before else 1, action=action,
        content=contents.encoded(content), note=note, published_on=legal_day(moment), until=until, draw_no=draw_no,
        task_no=task_no, part=part, by=actor, at=moment,
    )  # fmt: skip
    session.add(row)
    if before:
        _supersede(session, before)
    payload = {"revision": row.revision, "action": row.action, "note": note, "content": row.content}
    record(session, ACTS[action], actor=actor, subject=f"{kind}/{key}", payload=payload)
    return row


def catch_up(session: TenantSession, office: Office, address: str) -> list[Disclosure]:
    """Make what is decided and not made yet: results, placeholders, notices, rounds; take down what is over.

    At most :data:`PORTION` at once, since nobody else can act before the transaction ends; fewer when nothing is left.
    """
    lock_tenant(session)
    today = legal_day(now(session))
    due = chain(
        _results(session, office, today),
        _notices(session, office, today),
        _rounds(session, office, today, address),
        _decisions(session, today),
        _expired(session, today),
    )
    return list(islice(due, PORTION))


def newest(session: TenantSession, kind: str, key: str) -> Disclosure | None:
    """The revision that counts."""
    query = select(Disclosure).where(Disclosure.kind == kind, Disclosure.key == key)
    return session.exec(query.order_by(col(Disclosure.revision).desc())).first()


def revisions(session: TenantSession, kind: str, key: str) -> Sequence[Disclosure]:
    """All of them, the first first; :class:`NotFound` ``disclosure_missing``."""
    query = select(Disclosure).where(Disclosure.kind == kind, Disclosure.key == key)
    found = session.exec(query.order_by(col(Disclosure.revision))).all()
    if not found:
        raise NotFound("disclosure_missing", subject=f"{kind}/{key}")
    return found


def current(session: TenantSession, *kinds: str) -> list[Disclosure]:
    """The newest revision of everything, or of these kinds, the latest decision first."""
    query = select(Disclosure).order_by(col(Disclosure.revision))
    rows = session.exec(query.where(col(Disclosure.kind).in_(kinds)) if kinds else query)
    found = {(row.kind, row.key): row for row in rows}
    return sorted(found.values(), key=lambda row: (row.at, row.key), reverse=True)


def _supersede(session: TenantSession, before: Disclosure) -> None:
    """Dead letters too: what was wrong with them is put right or gone."""
    left = select(Delivery).where(Delivery.disclosure_id == before.id, col(Delivery.state).in_(LEFT))
    for one in session.exec(left).all():
        one.state, one.next_at = DeliveryState.SUPERSEDED, None
        session.add(one)
        clear_alert(session, DEAD_LETTER, f"{before.kind}/{before.key}@{one.channel}")


def _known(session: TenantSession, kind: str) -> set[str]:
    return set(session.exec(select(Disclosure.key).where(Disclosure.kind == kind)))


def _results(session: TenantSession, office: Office, today: date) -> Iterator[Disclosure]:
    known = {kind: _known(session, kind) for kind in (RESULT, WITHHELD)}
    ruled = {no for no, ruling in rulings.in_force(session).items() if ruling.decision is Choice.WITHHELD}
    for view in [*decided(session)][::-1]:
        kind, key = WITHHELD if view["withheld"] else RESULT, view["key"]
        if key in known[kind]:
            continue
        known[kind].add(key)
        task_no, _, n = view["term"].partition("/")
        content: Content = (
            _placeholder(view["key"], view["item_name"], view["draw"], view["withheld"])
            if view["withheld"]
            else _result(session, office, task_no, int(n), today, view["follows"] or "")
        )
        yield make(
            session, kind, key, content, actor=_decider(session, task_no), until=_until(office, kind, today),
            draw_no=view["draw"], task_no=task_no, part=None if task_no in ruled else int(n),
        )  # fmt: skip


def _until(office: Office, kind: str, today: date) -> date | None:
    """公示期限 of a result, where the rules set one."""
    days = office.rules(today).number("publication.shown_days")
    return today + timedelta(days=days) if kind == RESULT and days else None


def _placeholder(key: str, item: str, draw: str, basis: str) -> WithheldContent:
    return WithheldContent(int(key.rpartition("-")[2]), item, draw, basis)


def _result(session: TenantSession, office: Office, task_no: str, n: int, today: date, follows: str) -> ResultContent:
    task = find_task(session, task_no)
    query = select(InspectionResult).where(InspectionResult.task_id == task.id, InspectionResult.n == n)
    return contents.result_content(session, office, task, session.exec(query).one(), today, follows)


def _decider(session: TenantSession, task_no: str) -> str:
    """Who decided it; the list does by itself."""
    ruling = rulings.ruling_on(session, task_no)
    return ruling.decider or CLOCK if ruling else CLOCK


def _notices(session: TenantSession, office: Office, today: date) -> Iterator[Disclosure]:
    """定向通报 of what the law withholds, to whom the ruling names."""
    known = _known(session, NOTICE)
    for task_no, ruling in rulings.in_force(session).items():
        if ruling.decision is not Choice.WITHHELD or not ruling.notified or task_no in known:
            continue
        task = find_task(session, task_no)
        result = _newest_result(session, office, task, today)
        content = NoticeContent(tuple(ruling.notified), ruling.basis, ruling.scope, result)
        yield make(
            session, NOTICE, task_no, content, actor=ruling.decider or CLOCK, draw_no=task.draw_no, task_no=task_no
        )


def _newest_result(session: TenantSession, office: Office, task: InspectionTask, today: date) -> ResultContent:
    result = results.latest(session, task)
    assert result
    return contents.result_content(session, office, task, result, today, "")


def _rounds(session: TenantSession, office: Office, today: date, address: str) -> Iterator[Disclosure]:
    """抽查情况 as soon as the batch's clock runs: it has ended, or was left open too long (R14.3)."""
    known = _known(session, ROUND)
    started = select(Term).where(Term.kind == ROUND, col(Term.start).is_not(None)).order_by(Term.key)
    for term in session.exec(started).all():
        if term.draw_no not in known:
            content = contents.round_content(session, office, find(session, term.draw_no), today, address)
            yield make(session, ROUND, term.draw_no, content, actor=CLOCK, draw_no=term.draw_no)


def _decisions(session: TenantSession, today: date) -> Iterator[Disclosure]:
    """双公示: new ones, those whose row was corrected, and what was annulled (R14.10)."""
    known = {row.key: row for row in current(session, DECISION)}
    for key, content, until in decisions.open_contents(session):
        before = known.get(key)
        if until and until < today:
            continue
        if before is None or before.action is Action.WITHDRAW:
            yield make(session, DECISION, key, content, actor=CLOCK, until=until)
        elif contents.content_of(before) != content or before.until != until:
            yield make(session, DECISION, key, content, actor=CLOCK, action=Action.CORRECT, note=CORRECTED, until=until)
    for key, reason in decisions.annulled(session):
        before = known.get(key)
        if before and before.action is not Action.WITHDRAW:
            yield make(
                session, DECISION, key, contents.content_of(before), actor=CLOCK, action=Action.WITHDRAW,
                note=reason, until=before.until,
            )  # fmt: skip


def _expired(session: TenantSession, today: date) -> Iterator[Disclosure]:
    """What is shown beyond its last day is taken down everywhere."""
    for row in current(session):
        if row.until and row.until < today and row.action is not Action.WITHDRAW:
            yield make(
                session, row.kind, row.key, contents.content_of(row), actor=CLOCK, action=Action.WITHDRAW,
                note=EXPIRED, until=row.until, draw_no=row.draw_no, task_no=row.task_no, part=row.part,
            )  # fmt: skip

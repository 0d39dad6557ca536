"""Hand bundles to the channels and keep the proof.

The outside world is never called inside a transaction: a row says ``sent`` before the first channel is called, and how
it ended afterwards. An interrupted publication therefore shows as ``sent``, and publishing again settles it. What is
confirmed and is confirmed again leaves no trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from shuangsui.contracts import Bundle, DisclosureChannel, Receipt
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.disclosure import policy, screening
from shuangsui.disclosure.messages import HELD_BACK
from shuangsui.disclosure.policy import Outcome, PublicationState
from shuangsui.disclosure.screening import BARE, Screen, spoken
from shuangsui.disclosure.tables import Publication
from shuangsui.errors import OutsideFailed
from shuangsui.ledger.service import record


@dataclass(frozen=True, slots=True)
class Post:
    """A bundle on its way: what is personal in it, and whether the public sees an older one of its name."""

    bundle: Bundle
    problem: dict[str, Any] | None
    stands: bool


def publish(
    session: TenantSession,
    bundles: Sequence[Bundle],
    channels: Sequence[DisclosureChannel],
    *,
    actor: str,
    screen: Screen = BARE,
) -> list[Receipt]:
    """Publish ``bundles`` in their order on every channel; the receipts are confirmed ones, bundle by bundle.

    Commits: call it after the transaction that made the content, with a session that holds nothing else. On a channel
    that fails, later bundles are held back, so that no page links to what is not there. A bundle with personal data in
    it reaches no channel: what the public sees of it already stays as it is, and the others go their way.
    :class:`OutsideFailed` ``channel_missing``; ``channel_failed`` with every row settled first.
    """
    if not channels:
        raise OutsideFailed("channel_missing", permanent=True, tenant=session.tenant)
    session.commit()  # nobody waits while every byte is looked at
    problems = [screen.problem(bundle) for bundle in bundles]
    lock_tenant(session)
    screening.settle(session, bundles, problems)
    posts = list(map(Post, bundles, problems, _standing(session, bundles)))
    rows = [_announce(session, bundle) for bundle in bundles]
    session.commit()
    delivered = [_deliver(channel, posts) for channel in channels]
    outcomes = [list(outcome) for outcome in zip(*delivered, strict=True)]
    for row, outcome in zip(rows, outcomes, strict=True):
        _settle(session, row, outcome, actor)
    session.commit()
    _raise_failures(rows, outcomes)
    return [one.receipt for outcome in outcomes for one in outcome if one.receipt]


def publications(session: TenantSession) -> Sequence[Publication]:
    """The newest revision of everything published, the latest first."""
    rows = session.exec(select(Publication).order_by(col(Publication.at).desc(), col(Publication.id).desc())).all()
    newest: dict[tuple[str, str], Publication] = {}
    for row in rows:
        known = newest.setdefault((row.kind, row.key), row)
        if row.revision > known.revision:
            newest[row.kind, row.key] = row
    return list(newest.values())


def unconfirmed(session: TenantSession, bundles: Sequence[Bundle]) -> list[Bundle]:
    """Those whose present bytes were never confirmed; for what is published once and stays as it is."""
    confirmed = {
        (row.kind, row.key, row.digest) for row in publications(session) if row.state is PublicationState.CONFIRMED
    }
    return [bundle for bundle in bundles if (bundle.kind, bundle.key, bundle.digest) not in confirmed]


def first_seen(session: TenantSession, kind: str) -> dict[str, datetime]:
    """Key → when the public first saw it; what was never confirmed is missing."""
    rows = session.exec(select(Publication).where(Publication.kind == kind).order_by(col(Publication.revision).desc()))
    return {row.key: row.at for row in rows if row.state is PublicationState.CONFIRMED}


def _announce(session: TenantSession, bundle: Bundle) -> Publication:
    """The row of this revision, as sent; one that is confirmed stays so, since the public sees these bytes already."""
    query = select(Publication).where(Publication.kind == bundle.kind, Publication.key == bundle.key)
    row = session.exec(query.order_by(col(Publication.revision).desc())).first()
    if row is None or row.digest != bundle.digest:
        revision = row.revision + 1 if row else 1
        row = Publication(kind=bundle.kind, key=bundle.key, revision=revision, digest=bundle.digest, at=now(session))
    elif row.state is PublicationState.FAILED:
        row.state = PublicationState.SENT
    session.add(row)
    session.flush()
    return row


def _standing(session: TenantSession, bundles: Sequence[Bundle]) -> list[bool]:
    """Whether any revision of each is on every channel."""
    confirmed = select(Publication.kind, Publication.key).where(Publication.state == PublicationState.CONFIRMED)
    seen = {(kind, key) for kind, key in session.exec(confirmed.distinct())}
    return [(bundle.kind, bundle.key) in seen for bundle in bundles]


def _deliver(channel: DisclosureChannel, posts: Sequence[Post]) -> list[Outcome]:
    """One channel's outcome for each bundle; after the first that leaves nothing to link to nothing more is sent."""
    found: list[Outcome] = []
    broken = False
    for post in posts:
        found.append(Outcome(channel.name, None, HELD_BACK) if broken else _send(channel, post))
        if found[-1].problem and not (post.problem and post.stands):
            broken = True
    return found


def _send(channel: DisclosureChannel, post: Post) -> Outcome:
    if post.problem:
        return Outcome(channel.name, None, spoken(post.problem))
    bundle = post.bundle
    try:
        channel.publish(bundle)
        return policy.judge(channel.name, bundle, channel.read_back(bundle))
    except OutsideFailed as error:
        return Outcome(channel.name, None, str(error.params.get("reason") or error))


def _settle(session: TenantSession, row: Publication, outcome: Sequence[Outcome], actor: str) -> None:
    reached = policy.state_of(outcome)
    if row.state is reached is PublicationState.CONFIRMED:
        return
    row.state = reached
    row.receipts = [one.as_json() for one in outcome]
    row.at = now(session)
    session.add(row)
    payload = {"revision": row.revision, "digest": row.digest, "state": row.state, "receipts": row.receipts}
    record(session, "disclosure.publish", actor=actor, subject=f"{row.kind}/{row.key}", payload=payload)


def _raise_failures(rows: Sequence[Publication], outcomes: Sequence[Sequence[Outcome]]) -> None:
    failed = [(row, one) for row, outcome in zip(rows, outcomes, strict=True) for one in outcome if one.problem]
    if failed:
        row, first = failed[0]
        count = len({row.id for row, _ in failed})
        raise OutsideFailed(
            "channel_failed", count=count, subject=f"{row.kind}/{row.key}", channel=first.channel, reason=first.problem
        )

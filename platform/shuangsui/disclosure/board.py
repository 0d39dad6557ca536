"""公示看板: each thing that is disclosed, with its term, every receiver's state, and what was corrected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.disclosed import NoticeContent, ResultContent, RoundContent
from shuangsui.disclosure import contents, disclosures, shown
from shuangsui.disclosure.tables import Delivery, Disclosure, Term
from shuangsui.disclosure.terms import RESULT, address
from shuangsui.said import say

TERM = ("kind", "key", "start", "days", "since", "due", "provisional", "calendar", "met")


def board(session: TenantSession, *kinds: str) -> list[dict[str, Any]]:
    """The newest revision of everything, the latest decision first."""
    by_row, terms = shown.by_revision(session), _terms(session)
    rows = disclosures.current(session, *kinds)
    return [_summary(row, by_row.get(row.id, []), terms.get((row.kind, row.key))) for row in rows]


def one(session: TenantSession, kind: str, key: str) -> dict[str, Any]:
    """One thing with all its revisions; :class:`NotFound` ``disclosure_missing``."""
    revisions, by_row = disclosures.revisions(session, kind, key), shown.by_revision(session)
    newest = revisions[-1]
    return {
        **_summary(newest, by_row.get(newest.id, []), _terms(session).get((kind, key))),
        "content": newest.content,
        "revisions": [
            {
                "revision": row.revision, "action": row.action, "note": row.note, "published_on": row.published_on,
                "by": row.by, "at": row.at, "deliveries": [_delivery(sent) for sent in by_row.get(row.id, [])],
            }
            for row in revisions
        ],
    }  # fmt: skip


def title_of(row: Disclosure) -> str:
    """What people call it; of a placeholder and a notice nobody is named."""
    content = contents.content_of(row)
    if isinstance(content, ResultContent):
        return say("{name}：{value}", name=content.object.name, value=content.item.name)
    if isinstance(content, RoundContent):
        return say("{name}（抽取 {draw_no}）", name=content.item.name, draw_no=content.draw_no)
    return content.result.item.name if isinstance(content, NoticeContent) else getattr(content, "item_name", row.key)


def _summary(row: Disclosure, deliveries: Sequence[Delivery], term: Term | None) -> dict[str, Any]:
    return {
        "kind": row.kind, "key": row.key, "revision": row.revision, "action": row.action, "note": row.note,
        "title": title_of(row), "draw_no": row.draw_no, "task_no": row.task_no, "published_on": row.published_on,
        "until": row.until, "standing": shown.standing(row, deliveries),
        "term": _term(term) if term else None,
        "deliveries": [_delivery(one) for one in deliveries],
    }  # fmt: skip


def _delivery(row: Delivery) -> dict[str, Any]:
    names = ("id", "channel", "duty", "state", "attempts", "error", "receipt", "next_at", "tried_at", "confirmed_at")
    return {name: getattr(row, name) for name in names}


def _terms(session: TenantSession) -> dict[shown.Named, Term]:
    """By kind and public key; those of results are named after tasks, and a directed notice has that of its result."""
    names, found = shown.names_of_results(session), dict[shown.Named, Term]()
    for term in session.exec(select(Term).order_by(col(Term.key).desc())):
        found[shown.name_of(names, term.key) if term.kind == RESULT else (term.kind, term.key)] = term
        if term.task_no:
            found[disclosures.NOTICE, term.task_no] = term
    return found


def _term(term: Term) -> dict[str, Any]:
    no, part = address(term)
    return {**{name: getattr(term, name) for name in TERM}, "no": no, "part": part}

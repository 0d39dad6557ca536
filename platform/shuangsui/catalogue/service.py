"""From the draft to the published list: submit, approve, publish (R4.1 to R4.4); what is in force (R2.2, R5.8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from shuangsui.access.policy import Role
from shuangsui.access.service import require
from shuangsui.catalogue import versions
from shuangsui.catalogue.drafting import confirm, hold, import_items, release, set_field
from shuangsui.catalogue.messages import TEXTS
from shuangsui.catalogue.phrases import Level
from shuangsui.catalogue.policy import Problem, check_approver, problems
from shuangsui.catalogue.tables import Item, ItemList, ListState
from shuangsui.catalogue.versions import in_force, in_state
from shuangsui.catalogue.views import digest_of, published_view
from shuangsui.db import TenantSession, now
from shuangsui.errors import BadInput, NotAllowed, RowError, RowErrors, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.privacy.writing import own_numbers
from shuangsui.rules.policy import Rules
from shuangsui.said import say

__all__ = [
    "ListRefused", "approve", "confirm", "give_back", "hold", "import_items", "in_force", "item_in_force",
    "publish", "published_view", "release", "set_field", "submit",
]  # fmt: skip


class ListRefused(RowErrors):
    """A list with items that break a rule, every breach at once; ``row`` counts the items of the version from 1."""

    exit_status = 1

    def __init__(self, errors: list[RowError], *, rows: int, articles: Sequence[str]) -> None:
        super().__init__(errors, rows=rows, code="list_refused", article="、".join(dict.fromkeys(articles)))


def submit(session: TenantSession, *, actor: str, rules: Rules, level: Level) -> ItemList:
    """Put the draft before the leader: every item that is not held is confirmed, complete and lawful.

    :class:`ListRefused` with every breach and its article; :class:`NotAllowed` ``lead_office_only``.
    """
    if Role.LEAD_OFFICE not in require(session, actor, "edit_catalogue").roles:
        raise NotAllowed("lead_office_only", article="第四条", login=actor)
    draft = in_state(session, ListState.DRAFT, "提交")
    items = _current(session, draft)
    if not items:
        raise RuleRefused("list_empty", version=draft.number)
    if found := _breaches(items, rules, level, own_numbers(session)):
        raise ListRefused([error for error, _ in found], rows=len(items), articles=[article for _, article in found])
    draft.state, draft.proposer, draft.submitted_at = ListState.SUBMITTED, actor, now(session)
    draft.digest = digest_of(items)
    return _recorded(session, "catalogue.submit", draft, actor, items=len(items))


def approve(session: TenantSession, *, actor: str, rules: Rules) -> ItemList:
    """The leader's approval (R4.2); :class:`NotAllowed` ``same_person`` for who proposed any of it (R4.4)."""
    require(session, actor, "approve_catalogue")
    submitted = in_state(session, ListState.SUBMITTED, "批准")
    items = _current(session, submitted)
    check_approver(submitted, items, actor, rules)
    _check_untouched(submitted, items)
    submitted.state, submitted.approver, submitted.approved_at = ListState.APPROVED, actor, now(session)
    return _recorded(session, "catalogue.approve", submitted, actor)


def give_back(session: TenantSession, reason: str, *, actor: str) -> ItemList:
    """The leader does not approve: the version is a draft again, its items stay confirmed."""
    require(session, actor, "approve_catalogue")
    if not reason.strip():
        raise BadInput("reason_required")
    returned = in_state(session, ListState.SUBMITTED, "退回")
    returned.state, returned.proposer, returned.submitted_at, returned.digest = ListState.DRAFT, None, None, None
    return _recorded(session, "catalogue.return", returned, actor, reason=reason.strip())


def publish(session: TenantSession, *, actor: str, rules: Rules) -> ItemList:
    """Put the approved version in force; the earlier one is superseded, held items wait in the next draft.

    The version never changes again.
    """
    require(session, actor, "publish")
    approved = in_state(session, _publishable(rules), "公布")
    items = _current(session, approved)
    _check_untouched(approved, items)
    earlier, moment = in_force(session), now(session)
    if earlier:
        earlier.state, earlier.superseded_at = ListState.SUPERSEDED, moment
    approved.state, approved.published_at, approved.working = ListState.PUBLISHED, moment, None
    session.flush()
    _carry_over(session, approved)
    return _recorded(session, "catalogue.publish", approved, actor, items=len(items))


def item_in_force(session: TenantSession, code: str, on: date | None = None) -> Item:
    """The item that a draw may rest on.

    :class:`RuleRefused` ``item_unpublished`` for one that only a version under way has (R5.8), ``item_not_in_force``
    with the version for any other (R2.2).
    """
    current, coming = in_force(session, on), versions.working(session)
    if found := _item(session, current, code):
        return found
    if coming and _item(session, coming, code):
        raise RuleRefused("item_unpublished", article="第四条", item=code, version=coming.number)
    named = say("第 {number} 版", number=current.number) if current else "尚无"
    raise RuleRefused("item_not_in_force", article="第二条", item=code, version=named)


def _current(session: TenantSession, item_list: ItemList) -> list[Item]:
    """The items of a version that are not held."""
    return [item for item in versions.items_of(session, item_list) if item.held is None]


def _item(session: TenantSession, item_list: ItemList | None, code: str) -> Item | None:
    found = _current(session, item_list) if item_list else []
    return next((item for item in found if item.code == code), None)


def _breaches(
    items: Sequence[Item], rules: Rules, level: Level, numbers: Collection[str]
) -> list[tuple[RowError, str]]:
    """Every breach in the list's order, with its article."""
    return [
        (_row_error(row, item, problem), problem.article)
        for row, item in enumerate(items, start=1)
        for problem in problems(item, rules, level, numbers)
    ]


def _row_error(row: int, item: Item, problem: Problem) -> RowError:
    sentence = TEXTS[problem.code].format(item=f"{item.code}“{item.name}”", **problem.params)
    return RowError(
        row,
        problem.column,
        problem.code,
        say("{sentence}（依据：{article}）", sentence=sentence, article=problem.article),
    )


def _publishable(rules: Rules) -> ListState:
    """A district's own rule may do without the leader's approval."""
    return ListState.APPROVED if rules.switch("list.leader_approval") else ListState.SUBMITTED


def _check_untouched(item_list: ItemList, items: Sequence[Item]) -> None:
    """What is approved or published is what was submitted, to the character."""
    if digest_of(items) != item_list.digest:
        raise RuleRefused("list_tampered", version=item_list.number)


def _carry_over(session: TenantSession, published: ItemList) -> None:
    held = [item for item in versions.items_of(session, published) if item.held is not None]
    if held:
        draft = versions.opened(session)
        for item in held:
            item.list_id = draft.id


def _recorded(session: TenantSession, act: str, item_list: ItemList, actor: str, **facts: object) -> ItemList:
    payload = {"version": item_list.number, "digest": item_list.digest, **facts}
    record(session, act, actor=actor, subject=f"item_list/{item_list.number}", payload=payload)
    return item_list

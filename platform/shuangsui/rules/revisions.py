"""Revisions 规则修订 laid over the ``rules.toml`` of the authorities that made them; pure, but for two queries.

From its day on, a change of a key stands instead of all that the authority's own file says of it, until the day of the
next change. An authority's rules are what they would be if its file said so: the same bounds, the same reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from pydantic import ValidationError
from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.errors import BadInput
from shuangsui.rules import keys
from shuangsui.rules.policy import FOR_EVER, REVISION, SINCE_EVER
from shuangsui.rules.tables import PublishedRevision
from shuangsui.tenancy.schema import Mode, RuleEntry, Scalar
from shuangsui.tenancy.tenant import Stated
from shuangsui.tenancy.tree import Tree

Op = Literal["set", "inherit", "file"]
OPS = {"set": "改为", "inherit": "不再自定，适用上一层的规定", "file": "恢复为配置文件的规定"}


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one key. Only ``set`` has a value and an article; ``mode`` is for the districts below."""

    key: str
    op: Op = "set"
    value: Scalar | None = None
    article: str = ""
    own_basis: str | None = None
    mode: Mode = "free"
    text: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        if self.op != "set":
            return {"key": self.key, "op": self.op}
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        said = {"article": self.article, "own_basis": self.own_basis, "mode": self.mode, "text": self.text}
        return {"key": self.key, "op": self.op, "value": value, **said}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Change:
        """What :meth:`as_json` stored."""
        value = stored.get("value")
        return cls(**{**stored, "value": tuple(value) if isinstance(value, list) else value})

    def entry(self) -> RuleEntry:
        """What a ``rules.toml`` would say; :class:`BadInput` ``revision_value`` names the key and the fault."""
        spec = keys.KEYS.get(self.key)
        problem = "没有这个规则键" if spec is None else keys.problem(spec, self.value, self.mode)  # type: ignore[arg-type]
        if problem:
            raise BadInput("revision_value", key=self.key, problem=problem)
        stored = {name: value for name, value in self.as_json().items() if name != "op" and value is not None}
        try:
            return RuleEntry.model_validate(stored)
        except ValidationError as error:
            raise BadInput("revision_value", key=self.key, problem="条款、文号或者说明不合要求") from error


@dataclass(frozen=True, slots=True)
class Revision:
    """An approved revision of one authority."""

    n: int
    valid_from: date
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``since`` to ``until``, both included, a change decides about a key; without one, the file does."""

    since: date
    until: date
    n: int = 0
    change: Change | None = None


def published(session: TenantSession) -> dict[str, list[Revision]]:
    """Authority → its approved revisions by number."""
    rows = session.exec(select(PublishedRevision).order_by(col(PublishedRevision.authority), col(PublishedRevision.n)))
    found: dict[str, list[Revision]] = {}
    for row in rows:
        found.setdefault(row.authority, []).append(revision(row.n, row.valid_from, row.changes))
    return found


def revision(n: int, valid_from: date, changes: Iterable[dict[str, Any]]) -> Revision:
    """A stored revision as a value."""
    return Revision(n, valid_from, tuple(Change.from_json(one) for one in changes))


def seated(session: TenantSession, tree: Tree, trial: Revision | None = None) -> Tree:
    """The tree in which every authority's rules are as revised; ``trial`` is one more of the session's tenant."""
    found = published(session)
    if trial:
        found.setdefault(session.tenant, []).append(trial)
    for slug, revisions in found.items():
        tree = laid(tree, slug, revisions)
    return tree


def laid(tree: Tree, slug: str, revisions: Sequence[Revision]) -> Tree:
    """The tree in which the rules of one authority are as revised; the tree itself where no folder has this slug."""
    tenant = next((one for one in tree if one.slug == slug), None)
    return tree.with_tenant(replace(tenant, rules=revised(tenant.rules, revisions))) if tenant else tree


def revised(stated: Sequence[Stated], revisions: Sequence[Revision]) -> tuple[Stated, ...]:
    """The entries of a file with revisions laid over them: of each key, one say on every day."""
    touched = list(dict.fromkeys(change.key for one in revisions for change in one.changes))
    kept = [one for one in stated if one.entry.key not in touched]
    for key in touched:
        of_file = [one for one in stated if one.entry.key == key]
        for stretch in stretches(key, revisions):
            kept += _said(stretch, of_file)
    return tuple(kept)


def stretches(key: str, revisions: Sequence[Revision]) -> list[Stretch]:
    """Who decides about a key when, in order and without a gap; of one day, the later revision decides."""
    begun = {SINCE_EVER: Stretch(SINCE_EVER, FOR_EVER)}
    for one in sorted(revisions, key=lambda one: one.n):
        for change in one.changes:
            if change.key == key:
                begun[one.valid_from] = Stretch(one.valid_from, FOR_EVER, one.n, change)
    days = sorted(begun)
    ends = [day - timedelta(days=1) for day in days[1:]] + [FOR_EVER]
    return [replace(begun[day], until=end) for day, end in zip(days, ends, strict=True)]


def _said(stretch: Stretch, of_file: Sequence[Stated]) -> list[Stated]:
    change = stretch.change
    if change is None or change.op == "file" or _is_void(change):
        return [cut for one in of_file if (cut := _cut(one, stretch))]
    if change.op == "inherit":
        return []
    entry = change.entry().model_copy(update=_dates(stretch.since, stretch.until))
    return [Stated(entry, REVISION, stretch.n, stretch.n)]


def _is_void(change: Change) -> bool:
    """Approved when the key still took values that nothing obeyed: it decided nothing then, and nothing now."""
    spec = keys.KEYS.get(change.key)
    only = spec.only if spec and change.op == "set" else None
    return only is not None and change.value is not None and not only.allows(change.value)


def _cut(one: Stated, stretch: Stretch) -> Stated | None:
    """The entry within the stretch; None if it says nothing in it."""
    since = max(stretch.since, one.entry.valid_from or SINCE_EVER)
    until = min(stretch.until, one.entry.valid_to or FOR_EVER)
    return replace(one, entry=one.entry.model_copy(update=_dates(since, until))) if since <= until else None


def _dates(since: date, until: date) -> dict[str, date | None]:
    """As a file writes them: what has no end is left out."""
    return {"valid_from": None if since == SINCE_EVER else since, "valid_to": None if until == FOR_EVER else until}

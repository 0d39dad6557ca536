"""A revision laid over a ``rules.toml``: from its day on it stands instead of what the file says, and no other day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsui.errors import BadInput, Misconfigured
from shuangsui.rules import revisions, service
from shuangsui.rules.policy import FOR_EVER, REVISION, SINCE_EVER
from shuangsui.rules.revisions import Change, Revision
from shuangsui.tenancy import tree

KEY = "publication.days"
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
EVE = date(2026, 5, 31)


def to(value: int, **more: Any) -> Change:
    """Publish within so many working days."""
    return Change(KEY, "set", value, "第二条", **more)


def revision(n: int, since: date, *changes: Change) -> Revision:
    """Number ``n`` from ``since`` on."""
    return Revision(n, since, changes)


@pytest.fixture
def days(office: Any, make_pack: Callable[..., Any], make_rule: Callable[..., str]) -> Callable[..., Any]:
    """The value and place for the city on a day, after revisions of it; a pack says at most 20, its file 18."""
    office.add(make_pack("measures", "measures", "own", make_rule(KEY, "20", "ceiling", "第十四条")))
    office.city('["measures"]', make_rule(KEY, "18"))

    def found(on: date, *made: Revision, slug: str = "shi") -> tuple[object, str]:
        laid = revisions.laid(tree.load(office.root), "shi", made)
        value = service.for_tenant(laid, slug, on, packs=office.packs)[KEY]
        return value.value, value.place

    return found


FILE = (18, "tenants/shi/rules.toml:4")


def test_revision_decides_from_its_day_on(days: Callable[..., Any]) -> None:
    """The file does on the day before; people find it by its number."""
    made = revision(3, JUNE, to(15))
    assert [days(day, made) for day in (EVE, JUNE, JULY)] == [FILE, (15, f"{REVISION} 3 号"), (15, f"{REVISION} 3 号")]


def test_revision_of_a_key_that_has_one_value_now_decides_nothing(
    office: Any, make_pack: Callable[..., Any], make_rule: Callable[..., str]
) -> None:
    """Approved before the key took no other value; nobody can make one since."""
    office.add(make_pack("measures", "measures", "own", make_rule("team.leader_by_draw", "true")))
    office.city('["measures"]', "")
    change = Change("team.leader_by_draw", "set", False, "第二条")
    laid = revisions.laid(tree.load(office.root), "shi", [revision(1, JUNE, change)])
    assert service.for_tenant(laid, "shi", JULY, packs=office.packs).switch("team.leader_by_draw") is True
    with pytest.raises(BadInput) as caught:
        change.entry()
    assert caught.value.code == "revision_value"


def test_each_revision_decides_until_the_next(days: Callable[..., Any]) -> None:
    """Whatever the order in which they were approved."""
    made = (revision(1, JULY, to(15)), revision(2, JUNE, to(12)))
    assert [days(day, *made)[0] for day in (MAY, JUNE, JULY)] == [18, 12, 15]


def test_of_one_day_the_later_revision_decides(days: Callable[..., Any]) -> None:
    """The earlier one says nothing on any day."""
    assert days(JUNE, revision(2, JUNE, to(12)), revision(1, JUNE, to(15))) == (12, f"{REVISION} 2 号")


def test_what_is_not_said_any_more_is_inherited(days: Callable[..., Any]) -> None:
    """The file's entry ceases on the day before."""
    assert [days(day, revision(1, JUNE, Change(KEY, "inherit")))[0] for day in (EVE, JUNE)] == [18, 20]


def test_what_the_file_says_is_in_force_again(days: Callable[..., Any]) -> None:
    """How a revision is taken back."""
    made = (revision(1, MAY, to(15)), revision(2, JUNE, Change(KEY, "file")))
    assert [days(day, *made) for day in (EVE, JUNE)] == [(15, f"{REVISION} 1 号"), FILE]


def test_file_entry_keeps_its_own_dates(office: Any, make_rule: Callable[..., str]) -> None:
    """A stretch in which the file decides shows of an entry what lies within it."""
    office.city("[]", make_rule(KEY, "18", more="valid_from = 2026-04-01\nvalid_to = 2026-06-10"))
    made = (revision(1, MAY, to(15)), revision(2, JUNE, Change(KEY, "file")), revision(3, JULY, to(16)))
    laid = revisions.laid(tree.load(office.root), "shi", made).get("shi").rules
    found = [(one.entry.value, one.entry.valid_from, one.entry.valid_to) for one in laid]
    assert found == [
        (18, date(2026, 4, 1), date(2026, 4, 30)),
        (15, MAY, EVE),
        (18, JUNE, date(2026, 6, 10)),
        (16, JULY, None),
    ]


def test_revision_is_bound_like_a_file(days: Callable[..., Any]) -> None:
    """More than the ceiling is refused with its article, and names the revision."""
    with pytest.raises(Misconfigured) as caught:
        days(JUNE, revision(1, JUNE, to(25)))
    error = caught.value
    found = error.code, error.article, error.params["where"], error.params["bound"]
    assert found == ("rule_loosened", "第十四条", f"{REVISION} 1 号", "20")


def test_r17_1_revision_of_the_city_reaches_the_district_as_advice(days: Callable[..., Any]) -> None:
    """From its day on, like the city's file."""
    made = revision(1, JUNE, to(15))
    assert [days(day, made, slug="qu")[0] for day in (EVE, JUNE)] == [18, 15]


def test_r17_1_revision_with_a_bound_binds_the_district_below(
    office: Any, days: Callable[..., Any], make_rule: Callable[..., str]
) -> None:
    """A district that says more without a document of its own is refused."""
    office.district("", make_rule(KEY, "17"))
    made = revision(1, JUNE, to(15, mode="ceiling"))
    assert days(EVE, made, slug="qu")[0] == 17
    with pytest.raises(Misconfigured) as caught:
        days(JUNE, made, slug="qu")
    assert (caught.value.article, caught.value.params["bound"]) == ("第二条", "15")


def test_revision_of_a_folder_that_is_gone_changes_nothing(office: Any) -> None:
    """An authority that was merged into another leaves its published revisions behind."""
    found = tree.load(office.root)
    assert revisions.laid(found, "gone", [revision(1, JUNE, to(15))]) is found


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (Change("publication.day", "set", 5, "第二条"), "没有这个规则键"),
        (to("20"), "应为 1 至 250 的整数"),  # type: ignore[arg-type]
        (to(251), "应为 1 至 250 的整数"),
        (
            Change("visit.approval", "set", True, "第二条", mode="floor"),
            "true 或 false的键只能 locked 或 free，没有下限和上限",
        ),
        (Change(KEY, "set", 15, ""), "条款、文号或者说明不合要求"),
        (to(15, own_basis="某\n文"), "条款、文号或者说明不合要求"),
    ],
)
def test_change_that_no_file_may_say_is_refused(change: Change, problem: str) -> None:
    """The same checks, with the key's name and no line of any file."""
    with pytest.raises(BadInput) as caught:
        change.entry()
    assert (caught.value.code, caught.value.params) == ("revision_value", {"key": change.key, "problem": problem})


@pytest.mark.parametrize(
    "change",
    [
        to(15, mode="ceiling", own_basis="某〔2026〕1号", text="说明"),
        Change("publication.channels", "set", ("portal", "credit"), "第二条"),
        Change(KEY, "inherit"),
        Change(KEY, "file"),
    ],
)
def test_change_is_stored_as_json(change: Change) -> None:
    """Lists come back as what the rules take."""
    assert Change.from_json(change.as_json()) == change


@given(st.lists(st.tuples(st.integers(1, 9), st.dates(MAY, JULY)), max_size=6, unique_by=lambda one: one[0]))
def test_every_day_has_exactly_one_that_decides(made: list[tuple[int, date]]) -> None:
    """Stretches follow each other without gap or overlap, each begins on the day of its revision."""
    found = revisions.stretches(KEY, [revision(n, since, to(15)) for n, since in made])
    assert (found[0].since, found[-1].until) == (SINCE_EVER, FOR_EVER)
    assert [(b.since - a.until).days for a, b in pairwise(found)] == [1] * (len(found) - 1)
    newest = {since: max(n for n, day in made if day == since) for _, since in made}
    assert {one.since: one.n for one in found[1:]} == newest

"""The merge of layers: order, bounds, own basis, dates, provenance, digest."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsui.errors import Misconfigured, NotFound, RuleRefused
from shuangsui.rules.policy import Layer, Rank, RuleValue, amount, effective, looser, shown
from shuangsui.tenancy.schema import Mode, Scalar
from shuangsui.texts import sentence

DAY = date(2026, 11, 22)
KEY = "publication.days"


def value(said: Scalar, mode: Mode = "free", *, key: str = KEY, **more: Any) -> RuleValue:
    facts = {"pack": "p", "file": "p.toml", "line": 7, "article": "第十四条", **more}
    return RuleValue(key=key, value=said, mode=mode, **facts)


def layer(rank: Rank, *values: RuleValue) -> Layer:
    return Layer("p", rank, values)


def test_later_rank_replaces_whatever_the_order_given() -> None:
    """Ranks decide, not the order of the sequence."""
    layers = [layer(Rank.LOCAL, value(15)), layer(Rank.NATIONAL, value(30)), layer(Rank.MEASURES, value(20))]
    rules = effective(layers, DAY)
    assert [step.value for step in rules.ladder(KEY)] == [30, 20, 15]
    assert rules.number(KEY) == 15


def test_value_tells_where_it_comes_from() -> None:
    """P4: value, pack, file, line, article, mode and own basis travel together."""
    said = value(15, own_basis="某经信发〔2026〕3号", document="母法〔2020〕1号")
    found = effective([layer(Rank.LOCAL, said)], DAY)[KEY]
    assert found == said
    assert found.basis == "某经信发〔2026〕3号 第十四条"


def test_r18_1_key_without_a_value_on_that_day() -> None:
    """R18.1: before a text is in force nothing is made up in its place."""
    rules = effective([layer(Rank.MEASURES, value(20, valid_from=date(2021, 2, 9)))], date(2021, 2, 8))
    with pytest.raises(NotFound) as caught:
        rules.number(KEY)
    assert sentence(caught.value) == (
        f"2021-02-08 没有施行中的规则规定 {KEY}：请采用规定它的规则包，或在 rules.toml 写明。"
    )


def test_both_dates_are_included() -> None:
    """In force from the first to the last day."""
    said = value(20, valid_from=date(2021, 2, 9), valid_to=date(2026, 2, 8))
    days = [date(2021, 2, 8), date(2021, 2, 9), date(2026, 2, 8), date(2026, 2, 9)]
    assert [KEY in effective([layer(Rank.MEASURES, said)], day) for day in days] == [False, True, True, False]


LOOSENED = {
    "floor": ("floor", 2, 1),
    "ceiling": ("ceiling", 20, 21),
    "locked number": ("locked", 1, 2),
    "locked switch": ("locked", True, False),
    "floor of a set": ("floor", ("portal", "credit"), ("portal",)),
    "ceiling of a set": ("ceiling", ("name",), ("name", "phone")),
    "locked set": ("locked", ("key", "general"), ("key",)),
    "ceiling of a month-day": ("ceiling", "03-31", "04-01"),
    "floor of a month-day": ("floor", "03-01", "02-28"),
}


@pytest.mark.parametrize(("mode", "bound", "said"), LOOSENED.values(), ids=LOOSENED)
def test_binding_bound_cannot_be_loosened(mode: Mode, bound: Scalar, said: Scalar) -> None:
    """Not even with a document of one's own; the article of the bound is cited, with file and line."""
    layers = [
        layer(Rank.NATIONAL, value(bound, mode, pack="cn-base", article="第一条")),
        layer(Rank.LOCAL, value(said, file="t/rules.toml", line=4, own_basis="某文〔2026〕1号")),
    ]
    with pytest.raises(Misconfigured) as caught:
        effective(layers, DAY)
    error = caught.value
    assert (error.code, error.article, error.params["file"], error.params["line"], error.params["key"]) == (
        "rule_loosened",
        "第一条",
        "t/rules.toml",
        4,
        KEY,
    )


TIGHTENED = {
    "floor": ("floor", 2, 3),
    "ceiling": ("ceiling", 20, 15),
    "equal": ("ceiling", 20, 20),
    "locked to the same": ("locked", ("key", "general"), ("general", "key")),
    "floor of a set": ("floor", ("portal",), ("portal", "credit")),
    "ceiling of a set": ("ceiling", ("name", "unit"), ("unit",)),
    "month-day": ("ceiling", "03-31", "02-28"),
    "free": ("free", 20, 99),
}


@pytest.mark.parametrize(("mode", "bound", "said"), TIGHTENED.values(), ids=TIGHTENED)
def test_binding_bound_may_be_tightened(mode: Mode, bound: Scalar, said: Scalar) -> None:
    """No document needed."""
    layers = [layer(Rank.NATIONAL, value(bound, mode)), layer(Rank.LOCAL, value(said))]
    assert effective(layers, DAY)[KEY].value == said


def test_tightened_bound_binds_the_next_layer() -> None:
    """A local ceiling of 15 stands before an amendment of 18, although the law says 20."""
    layers = [
        layer(Rank.NATIONAL, value(20, "ceiling", article="第一条")),
        layer(Rank.LOCAL, value(15, "ceiling", article="第九条")),
        layer(Rank.AMENDMENT, value(18, line=None, file="插件 vendor")),
    ]
    with pytest.raises(RuleRefused) as caught:
        effective(layers, DAY)
    assert (caught.value.article, caught.value.exit_status) == ("第九条", 1)


def test_r17_1_advice_from_above_needs_an_own_basis() -> None:
    """Measures that do not bind a district may be loosened by its own document, and not without."""
    above = layer(Rank.MEASURES, value(20, "ceiling", binding=False))
    with pytest.raises(Misconfigured) as caught:
        effective([above, layer(Rank.LOCAL, value(25, file="t/rules.toml", line=4))], DAY)
    assert sentence(caught.value) == (
        f"t/rules.toml 第 4 行：{KEY} 取 25，比 p 规定的 20 宽松，本级另有文件的，请用 own_basis 写明文号。"
    )
    own = layer(Rank.LOCAL, value(25, own_basis="某文〔2026〕1号"))
    assert effective([above, own], DAY).number(KEY) == 25


def test_own_basis_lifts_the_advice_for_what_follows() -> None:
    """Once replaced by the district's document, the measures above no longer bind its plugins either."""
    layers = [
        layer(Rank.MEASURES, value(20, "ceiling", binding=False)),
        layer(Rank.LOCAL, value(25, own_basis="某文〔2026〕1号")),
        layer(Rank.AMENDMENT, value(22, line=None)),
    ]
    assert effective(layers, DAY).number(KEY) == 22


def test_own_basis_never_lifts_the_law() -> None:
    """A binding bound outlives any local document."""
    layers = [
        layer(Rank.NATIONAL, value(30, "ceiling")),
        layer(Rank.MEASURES, value(20, "ceiling", binding=False)),
        layer(Rank.LOCAL, value(25, own_basis="某文〔2026〕1号")),
        layer(Rank.AMENDMENT, value(31, line=None, own_basis="某文〔2026〕2号")),
    ]
    assert effective(layers[:3], DAY).number(KEY) == 25
    with pytest.raises(RuleRefused):
        effective(layers, DAY)


def test_typed_access() -> None:
    """Each kind has its accessor; another type is a programming error, never a silent conversion."""
    said = [value(True, key="s"), value(("a", "b"), key="n"), value((50, 75), key="p"), value("03-31", key="w")]
    rules = effective([layer(Rank.PRODUCT, value(5, key="i"), *said)], DAY)
    assert (rules.number("i"), rules.switch("s"), rules.names("n"), rules.steps("p"), rules.word("w")) == (
        5,
        True,
        ("a", "b"),
        (50, 75),
        "03-31",
    )
    with pytest.raises(TypeError):
        rules.number("s")


def test_digest_is_of_what_is_in_force() -> None:
    """Lines, files, texts and the order of a set do not count; value, article, mode and basis do."""
    base = {"said": ("a", "b"), "mode": "floor", "article": "第一条"}

    def digest(**more: Any) -> str:
        facts = {**base, **more}
        return effective([layer(Rank.ORDER, value(facts.pop("said"), facts.pop("mode"), **facts))], DAY).digest()

    same = digest()
    article = "\\u7b2c\\u4e00\\u6761"
    facts = f'{{"article":"{article}","mode":"floor","own_basis":null,"pack":"p","value":["a","b"]}}'
    assert same == sha256(f'{{"{KEY}":{facts}}}'.encode("ascii")).hexdigest()
    assert {digest(line=9), digest(file="x"), digest(text="t"), digest(said=("b", "a"))} == {same}
    changed = [digest(said=("a",)), digest(mode="free"), digest(article="第二条"), digest(own_basis="x")]
    assert len({same, *changed}) == 5


@pytest.mark.parametrize(
    ("said", "words"), [(True, "是"), (False, "否"), (20, "20"), ("03-31", "03-31"), (("a", "b"), "a、b"), ((), "")]
)
def test_shown(said: Scalar, words: str) -> None:
    """As people read it."""
    assert shown(said) == words


BOUND = ("D=50", "FLAG=60")
LOOSER: dict[tuple[str, ...], tuple[bool, bool, bool]] = {
    ("FLAG=60", "D=50"): (False, False, False),
    ("D=51", "FLAG=60"): (False, True, True),
    ("D=50", "FLAG=60", "C=1"): (False, True, True),
    ("D=49", "FLAG=60"): (True, False, True),
    ("D=50",): (True, False, True),
    (): (True, False, True),
    ("D=49", "FLAG=61"): (True, True, True),
}


@pytest.mark.parametrize(("said", "expected"), LOOSER.items())
def test_counts_are_compared_name_by_name(said: tuple[str, ...], expected: tuple[bool, bool, bool]) -> None:
    """A floor wants every name with at least its number, a ceiling the other way; locked wants the same numbers."""
    modes: tuple[Mode, ...] = ("floor", "ceiling", "locked")
    assert tuple(looser(mode, BOUND, said) for mode in modes) == expected
    assert not looser("free", BOUND, said)
    assert tuple(looser(mode, (), BOUND) for mode in modes) == (False, True, True)


def test_counts_are_read_by_name() -> None:
    """In the order of their file; no list, no numbers."""
    rules = effective([layer(Rank.PRODUCT, value(BOUND, key="c"), value((), key="e"))], DAY)
    assert (rules.counts("c"), rules.counts("e")) == ({"D": 50, "FLAG": 60}, {})


NUMBERS = st.integers(0, 6)


@pytest.mark.parametrize(("said", "words"), [(20, "20 日"), (True, "是 日"), (("D=50",), "D=50 日"), ((), "无")])
def test_amount(said: Scalar, words: str) -> None:
    """With its unit, but for a list of nothing."""
    assert amount(said, "日") == words


COUNTS = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 4), max_size=3).map(
    lambda counts: tuple(f"{name}={number}" for name, number in counts.items())
)
SETS = st.sets(st.sampled_from("abcd"), min_size=1).map(lambda names: tuple(sorted(names)))
MODES = st.sampled_from(["floor", "ceiling", "locked", "free"])


@st.composite
def some_layers(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> list[Layer]:
    """Layers of random ranks, in random order, each with one value."""
    found = []
    for rank in draw(st.lists(st.sampled_from(list(Rank)), min_size=1, max_size=6)):
        basis = draw(st.sampled_from([None, "某文〔2026〕1号"]))
        said = value(draw(values), draw(MODES), binding=draw(st.booleans()), own_basis=basis)
        found.append(layer(rank, said))
    return found


@given(st.one_of(some_layers(NUMBERS), some_layers(SETS), some_layers(COUNTS)))
def test_r17_1_no_order_of_layers_yields_less_than_a_binding_bound(layers: list[Layer]) -> None:
    """R17.1: whatever the layers and their order, the outcome is a refusal or keeps every binding bound."""
    outcome = refusal = None
    try:
        outcome = effective(layers, DAY)[KEY].value
    except Misconfigured as error:
        refusal = error.code
    bounds = [said for one in layers for said in one.values if said.binding]
    if outcome is None:
        assert refusal == "rule_loosened"
    else:
        assert not [bound for bound in bounds if looser(bound.mode, bound.value, outcome)]


@given(st.permutations([Rank.NATIONAL, Rank.MINISTRY, Rank.MEASURES, Rank.LOCAL]), st.data())
def test_order_of_the_sequence_does_not_matter_between_ranks(order: list[Rank], data: st.DataObject) -> None:
    """The same layers, shuffled, give the same rules."""
    said = {rank: layer(rank, value(data.draw(NUMBERS))) for rank in sorted(order)}
    assert effective([said[rank] for rank in order], DAY) == effective([said[rank] for rank in sorted(order)], DAY)

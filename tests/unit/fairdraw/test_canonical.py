"""srd-1 section 3.2: one byte form for one value."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairdraw.canonical import canon, parse
from fairdraw.failures import Failure

NAMES = st.text("ABCxyz019._-", min_size=1, max_size=8)
STRINGS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=[*map(chr, range(32)), "\x7f"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | STRINGS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def nested(levels: int) -> str:
    """``levels`` containers in each other."""
    return "[" * levels + "]" * levels


REJECTED = {
    "fraction": b"1.0",
    "exponent": b"1e2",
    "minus zero": b"-0",
    "leading zero": b"01",
    "plus sign": b"+1",
    "not a number": b"NaN",
    "infinity": b"[-Infinity]",
    "too large": b"9007199254740992",
    "too small": b"-9007199254740992",
    "more digits than Python converts": b"9" * 5000,
    "space after colon": b'{"a": 1}',
    "space inside array": b"[1, 2]",
    "leading space": b" 1",
    "final newline": b"{}\n",
    "trailing data": b"{}{}",
    "empty file": b"",
    "unordered members": b'{"b":1,"a":1}',
    "member twice": b'{"a":1,"a":1}',
    "empty member name": b'{"":1}',
    "member name of 65 characters": b'{"' + b"a" * 65 + b'":1}',
    "member name with a space": b'{"a b":1}',
    "member name with a line feed": b'{"a\\n":1}',
    "raw UTF-8": '"渝"'.encode(),
    "upper-case escape": b'"\\u6E1D"',
    "escaped solidus": b'"\\/"',
    "escaped ASCII letter": b'"\\u0041"',
    "short escape of a control character": b'"\\n"',
    "long escape of a control character": b'"\\u0000"',
    "escaped delete": b'"\\u007f"',
    "raw delete": b'"\x7f"',
    "raw control character": b'"\x01"',
    "lone high surrogate": b'"\\ud800"',
    "lone low surrogate": b'"\\udc00"',
    "surrogates the wrong way round": b'"\\udc00\\ud800"',
    "33 levels": nested(33).encode(),
    "more levels than Python recurses": nested(100_000).encode(),
    "byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "unterminated": b'{"a":',
    "single quotes": b"{'a':1}",
    "comment": b"{}//",
}


@pytest.mark.parametrize("data", REJECTED.values(), ids=list(REJECTED))
def test_3_2_parse_rejects(data: bytes) -> None:
    """Rules 1 to 8: any other byte form is NOT_CANONICAL."""
    with pytest.raises(Failure) as failure:
        parse(data)
    assert failure.value.code == "NOT_CANONICAL"


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53, -(2**53), "\x00", "\x7f", "\ud800", {"": 1}, {"渝": 1}, {1: 2}, (1,), b"x", {1}],
    ids=repr,
)
def test_3_2_canon_rejects_values_without_a_form(value: Any) -> None:
    """The writer refuses what the reader would."""
    with pytest.raises(Failure) as failure:
        canon(value)
    assert failure.value.code == "NOT_CANONICAL"


def test_3_2_example_of_the_specification() -> None:
    """Non-ASCII becomes lower-case escapes, members are ordered."""
    assert canon({"n": 3, "id": '渝企"1'}) == b'{"id":"\\u6e1d\\u4f01\\"1","n":3}'


def test_3_2_character_above_the_basic_plane_is_a_surrogate_pair() -> None:
    """Rule 5."""
    assert canon("𠮷~\\") == b'"\\ud842\\udfb7~\\\\"'
    assert parse(b'"\\ud842\\udfb7~\\\\"') == "𠮷~\\"


def test_3_2_members_are_ordered_by_bytes() -> None:
    """Upper case before lower case, hyphen and full stop before digits."""
    assert canon({"a": 1, "Z": 1, "0": 1, "-": 1, ".": 1, "_": 1}) == b'{"-":1,".":1,"0":1,"Z":1,"_":1,"a":1}'


def test_3_2_outermost_container_is_level_one() -> None:
    """32 levels pass, the value inside the innermost one counts no level."""
    text = "[" * 32 + "1" + "]" * 32
    assert canon(parse(text.encode())) == text.encode()


def test_3_2_integers_up_to_the_bound_pass() -> None:
    """Rule 2."""
    assert parse(b"[-9007199254740991,9007199254740991]") == [-(2**53) + 1, 2**53 - 1]


@settings(derandomize=True, max_examples=300, deadline=None)
@given(VALUES)
def test_3_2_round_trip(value: Any) -> None:
    """Every value has one form and comes back from it."""
    data = canon(value)
    assert data.isascii()
    assert parse(data) == value
    assert json.loads(data) == value


@settings(derandomize=True, max_examples=300, deadline=None)
@given(VALUES, st.data())
def test_3_2_any_inserted_byte_is_noticed(value: Any, data: st.DataObject) -> None:
    """Two different files never read as the same value."""
    form = canon(value)
    at = data.draw(st.integers(0, len(form)))
    changed = form[:at] + data.draw(st.binary(min_size=1, max_size=1)) + form[at:]
    with suppress(Failure):
        assert canon(parse(changed)) == changed != form

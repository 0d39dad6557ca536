"""The line of every key, for everything TOML allows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsui.tenancy.lines import KeyPath, lines_of

SAMPLE = '''\
# comment with [brackets] and = signs
title = "a = b # no comment"
"quoted.key" = 1
dotted.inner . deep = 2

[table]  # comment
list = [
  "one", # comma, ] bracket
  'two = "x"',

  { a = 1, b = [2, 3] },
]
text = """
[not.a.table]
key = 1 \\""" still inside
"""
after = \'\'\'
x = [\'\'\'\'
day = 2021-02-09 07:32:00

[[rule]]
key = "a"

[[rule]]
key = "b"
[rule.more]
x = 1
[[rule.part]]
y = 1
[[rule.part]]
y = 2
'''

EXPECTED: dict[KeyPath, int] = {
    ("title",): 2,
    ("quoted.key",): 3,
    ("dotted", "inner", "deep"): 4,
    ("table",): 6,
    ("table", "list"): 7,
    ("table", "list", 0): 8,
    ("table", "list", 1): 9,
    ("table", "list", 2, "a"): 11,
    ("table", "list", 2, "b", 1): 11,
    ("table", "text"): 13,
    ("table", "after"): 17,
    ("table", "day"): 19,
    ("rule",): 21,
    ("rule", 0): 21,
    ("rule", 0, "key"): 22,
    ("rule", 1): 24,
    ("rule", 1, "key"): 25,
    ("rule", 1, "more", "x"): 27,
    ("rule", 1, "part", 0, "y"): 29,
    ("rule", 1, "part", 1, "y"): 31,
}


@pytest.mark.parametrize(("path", "line"), EXPECTED.items(), ids=str)
def test_line_of_a_key(path: KeyPath, line: int) -> None:
    """Dotted keys, tables, arrays of tables, inline values, strings full of punctuation."""
    assert lines_of(SAMPLE)[path] == line


def test_every_value_of_the_sample_has_a_line() -> None:
    """What tomllib reads and what the scanner saw are the same paths."""
    assert set(_paths(tomllib.loads(SAMPLE))) == set(lines_of(SAMPLE))


def test_windows_line_ends_count_once() -> None:
    """A carriage return is no line of its own."""
    assert lines_of('a = 1\r\nb = [\r\n 2\r\n]\r\nc = "x"\r\n')[("c",)] == 5


NAMES = st.text("abc._-", min_size=1, max_size=4)
SCALARS = st.one_of(st.integers(-9, 9), st.booleans(), st.text("ab'\"\\#=[]{},\n\t ", max_size=8), st.dates())
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=6)
TABLES = st.recursive(
    st.dictionaries(NAMES, VALUES, max_size=4),
    lambda inner: st.dictionaries(NAMES, st.one_of(VALUES, inner, st.lists(inner, min_size=1, max_size=3)), max_size=3),
    max_leaves=8,
)


@given(TABLES, st.integers(0, 2))
def test_any_document_is_located_completely(data: dict[str, Any], gap: int) -> None:
    """Whatever is written, every path is found and each leaf's line carries its key."""
    text = "\n".join(_lines(data, (), gap))
    written, found = text.split("\n"), lines_of(text)
    assert tomllib.loads(text) == data
    for path in _paths(data):
        named = [part for part in path if isinstance(part, str)][-1]
        assert _quoted(named) in written[found[path] - 1]


def _paths(value: Any, above: KeyPath = ()) -> Iterator[KeyPath]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*above, key)
        yield from _paths(inner, (*above, key))


def _lines(table: dict[str, Any], above: tuple[str, ...], gap: int) -> Iterator[str]:
    """``table`` as TOML: plain values first, then tables and arrays of tables under their headers."""
    plain = {key: value for key, value in table.items() if not _is_table(value)}
    yield from (f"{_quoted(key)} = {_inline(value)}" + "\n" * gap for key, value in plain.items())
    for key, value in table.items():
        if key not in plain:
            header = ".".join(map(_quoted, (*above, key)))
            for one in value if isinstance(value, list) else [value]:
                yield f"[[{header}]]" if isinstance(value, list) else f"[{header}]"
                yield from _lines(one, (*above, key), gap)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _inline(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return _quoted(value) if isinstance(value, str) else str(value)

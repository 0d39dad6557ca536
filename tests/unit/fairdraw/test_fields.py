"""srd-1 section 3: field classes."""

from __future__ import annotations

from typing import Any

import pytest

from fairdraw import fields


@pytest.mark.parametrize("x", ["a", "渝" * 85, "a" * 256, " ", "𠮷" * 64, "\u2028"])
def test_3_2_text_accepts(x: str) -> None:
    """1..256 bytes of UTF-8."""
    assert fields.is_text(x)


@pytest.mark.parametrize("x", ["", "渝" * 86, "a" * 257, "\n", "\x7f", "\ud800", None, 1, True, ["a"], b"a"], ids=repr)
def test_3_2_text_rejects(x: Any) -> None:
    """Too short, too long, control characters, lone surrogates, other types."""
    assert not fields.is_text(x)


@pytest.mark.parametrize(
    "x", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2024-02-29T12:00:00Z", "2000-02-29T00:00:00Z"]
)
def test_3_time_accepts(x: str) -> None:
    """Real Gregorian dates of the years 0001 to 9999."""
    assert fields.is_time(x)


@pytest.mark.parametrize(
    "x",
    [
        "0000-01-01T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:61Z", "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00z", "2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00.0Z",
        "2026-1-01T00:00:00Z", "２０２６-01-01T00:00:00Z", "2026-01-01T00:00:00Z\n", " 2026-01-01T00:00:00Z", "", None,
        20260101,
    ],
    ids=repr,
)  # fmt: skip
def test_3_time_rejects(x: Any) -> None:
    """Anything else has the wrong type."""
    assert not fields.is_time(x)


def test_3_2_booleans_are_no_integers() -> None:
    """JSON true is not 1."""
    assert not fields.is_int(True)
    assert not fields.is_int(False)
    assert fields.is_int(0)


@pytest.mark.parametrize("x", [-1, 2**32, "1", 1.0, None, [1]], ids=repr)
def test_3_2_u32_rejects(x: Any) -> None:
    """Integers 0..2^32-1 only."""
    assert not fields.is_int(x)


@pytest.mark.parametrize("x", ["0" * 63, "0" * 65, "G" + "0" * 63, "A" * 64, "0" * 63 + "\n", 0, None], ids=repr)
def test_3_2_hex64_rejects(x: Any) -> None:
    """64 lower-case hex digits only."""
    assert not fields.is_hex64(x)


@pytest.mark.parametrize("x", ["", "-A", ".A", "A" * 33, "A B", "A\n", "渝", None, 1], ids=repr)
def test_3_2_name_rejects(x: Any) -> None:
    """Letter or digit first, at most 32."""
    assert not fields.is_name(x)


@pytest.mark.parametrize("x", ["-", "x9", "9X", "A" * 17, "X_1", "X\n", None], ids=repr)
def test_4_2_code_rejects(x: Any) -> None:
    """An exclusion code has its own class."""
    assert not fields.is_code(x)


@pytest.mark.parametrize("x", ["", "a" * 257, "渝", "\x7f", "\t", None], ids=repr)
def test_5_3_printable_rejects(x: Any) -> None:
    """U+0020..U+007E, 1..256 characters."""
    assert not fields.is_printable(x, 1, 256)


def test_4_1_salt_has_the_form_of_its_mode() -> None:
    """32 hex digits when salted, empty when public."""
    assert fields.is_salt("0" * 32, salted=True)
    assert fields.is_salt("", salted=False)
    assert not fields.is_salt("", salted=True)
    assert not fields.is_salt("0" * 32, salted=False)
    assert not fields.is_salt("0" * 31 + "A", salted=True)

"""Text from people's files: what is repaired is told, what nobody can see is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsui.errors import BadInput
from shuangsui.registry.normalise import Tell, clean_code, clean_name, clean_text, clean_verbatim, fold

TOLD = list[str]


def teller(told: TOLD) -> Tell:
    """Keeps the codes of what is told."""
    return lambda code, **params: told.append(code)


@pytest.mark.parametrize(
    ("clean", "text", "cleaned", "told"),
    [
        (clean_code, "JX-01", "JX-01", []),
        (clean_code, " ＪＸ－０１　", "JX-01", ["spaces_removed", "width_folded"]),
        (clean_text, "重庆市渝北区兴业路1号", "重庆市渝北区兴业路1号", []),
        (clean_text, " 兴业路\n1号 ", "兴业路 1号", ["spaces_joined"]),
        (clean_text, "Ｃ区（１）号", "Ｃ区（１）号", []),
        (clean_text, "cafe\u0301", "café", ["composed"]),
        (clean_text, "\ue000某", "\ue000某", ["private_character"]),
        (clean_name, "张　三", "张三", ["spaces_joined", "spaces_removed"]),
        (clean_name, "John Smith", "John Smith", []),
        (clean_verbatim, " 第一条\n第二条 ", "第一条\n第二条", ["spaces_joined"]),
    ],
)
def test_cleaning_tells_every_change(clean, text: str, cleaned: str, told: TOLD) -> None:  # type: ignore[no-untyped-def]
    """The cleaned text and the notes, in order."""
    found: TOLD = []
    assert clean(text, teller(found)) == cleaned
    assert found == told


@pytest.mark.parametrize(
    ("char", "code"),
    [
        ("\u200b", "invisible_character"),
        ("\u202e", "invisible_character"),
        ("\u2066", "invisible_character"),
        ("\ufeff", "invisible_character"),
        ("\u3164", "invisible_character"),
        ("\u00ad", "invisible_character"),
        ("\x00", "control_character"),
        ("\x1b", "control_character"),
        ("\u2028", "control_character"),
        ("\ufffe", "control_character"),
        ("\ufffd", "replacement_character"),
    ],
)
@pytest.mark.parametrize("clean", [clean_code, clean_text, clean_name, clean_verbatim])
def test_hidden_character_is_refused(clean, char: str, code: str) -> None:  # type: ignore[no-untyped-def]
    """Zero-width, direction, control and replacement characters, in every kind of column."""
    with pytest.raises(BadInput) as refused:
        clean(f"某{char}公司", teller([]))
    assert (refused.value.code, refused.value.params) == (code, {"sign": f"U+{ord(char):04X}"})


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    """A cleaned text is clean."""
    try:
        once = clean_text(text, teller([]))
    except BadInput:
        return
    told: TOLD = []
    assert clean_text(once, teller(told)) == once
    assert set(told) <= {"private_character"}


@given(st.text())
def test_folded_text_has_no_space(text: str) -> None:
    """Codes and headers are compared without any space."""
    assert not any(char.isspace() for char in fold(text))

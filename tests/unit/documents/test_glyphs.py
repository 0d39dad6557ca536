"""What the packaged fonts can show."""

from __future__ import annotations

from shuangsui.documents.glyphs import characters, missing


def test_fonts_hold_the_common_characters() -> None:
    """GB 2312 level 1 and 2, 6763 characters, and what official forms use besides."""
    places = ((row, cell) for row in range(72) for cell in range(94) if (row, cell) < (39, 89) or row > 39)
    known = b"".join(bytes((0xB0 + row, 0xA1 + cell)) for row, cell in places).decode("gb2312")
    assert len(known) == 6763
    assert missing(known + "〔〕“”‘’（）《》、，。：；？！…—·①②✓0123456789") == ""


def test_missing_are_told_once_and_sorted() -> None:
    """Control characters and joiners have no glyph and need none."""
    assert missing("𠮷a😀𠮷\n\t\u200b") == "😀𠮷"
    assert ord("𠮷") not in characters()

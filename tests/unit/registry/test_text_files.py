"""CSV: encodings that are good input, bytes that are no text, and structure that is broken."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from shuangsui.errors import BadInput
from shuangsui.registry.text_files import encoding_of, read_csv

LINES = "代码,名称\n1,第一有限公司\n2,第二有限公司\n"


def refused(path: Path) -> tuple[str, dict[str, object]]:
    """Code and parameters of the refusal."""
    with pytest.raises(BadInput) as error:
        list(read_csv(path))
    return error.value.code, error.value.params


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_accepted_encodings_and_line_endings_give_the_same_rows(tmp_path: Path, encoding: str, ending: str) -> None:
    """Whatever program saved the file."""
    path = tmp_path / "名录.csv"
    path.write_bytes(LINES.replace("\n", ending).encode(encoding))
    assert [(row.number, row.cells) for row in read_csv(path)] == [
        (1, ["代码", "名称"]),
        (2, ["1", "第一有限公司"]),
        (3, ["2", "第二有限公司"]),
    ]


def test_gb18030_keeps_letters_outside_the_first_plane(tmp_path: Path) -> None:
    """Rare letters of names take four bytes, and a byte order mark is no letter."""
    path = tmp_path / "名录.csv"
    path.write_bytes("\ufeff名称\n𠮷林\n".encode("gb18030"))
    assert [row.cells for row in read_csv(path)] == [["名称"], ["𠮷林"]]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_refused_with_its_own_code(tmp_path: Path, encoding: str) -> None:
    """With and without a byte order mark."""
    path = tmp_path / "名录.csv"
    path.write_bytes(LINES.encode(encoding))
    assert refused(path) == ("utf16_file", {})


@pytest.mark.parametrize("content", [b"", b"\n\r\n  "])
def test_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """No bytes, or nothing but line ends."""
    path = tmp_path / "名录.csv"
    path.write_bytes(content)
    assert refused(path) == ("empty_file", {})


def test_undecodable_bytes_are_named_by_line_and_offset(tmp_path: Path) -> None:
    """Bytes that neither encoding knows."""
    path = tmp_path / "名录.csv"
    good = "代码,名称\n1,某".encode("gb18030")
    path.write_bytes(good + b"\xff\xff\n")
    assert refused(path) == ("undecodable", {"line": 2, "offset": len(good), "encoding": "GB18030"})


def test_damaged_utf8_never_becomes_other_letters(tmp_path: Path) -> None:
    """One spoilt byte behind good UTF-8: as GB18030 the whole file would read as nonsense."""
    path = tmp_path / "名录.csv"
    good = LINES.encode()
    path.write_bytes(good + b"3,\xb5\xda\n")
    assert refused(path) == ("undecodable", {"line": 4, "offset": len(good) + 2, "encoding": "UTF-8"})


def test_damage_behind_a_byte_order_mark_is_utf8(tmp_path: Path) -> None:
    """The mark says what the file wants to be."""
    path = tmp_path / "名录.csv"
    path.write_bytes(codecs.BOM_UTF8 + b"code,name\n1,\xd6\xd8\n")
    assert refused(path)[1]["encoding"] == "UTF-8"


def test_letters_across_block_borders_decode(tmp_path: Path) -> None:
    """Detection reads blocks; a letter of three bytes may lie across their border."""
    path = tmp_path / "名录.csv"
    path.write_bytes(b"a" * ((1 << 20) - 1) + "重".encode())
    assert encoding_of(path) == "utf-8-sig"


def test_quoted_line_break_counts_as_one_row(tmp_path: Path) -> None:
    """Rows count as the spreadsheet does."""
    path = tmp_path / "名录.csv"
    path.write_text('代码,名称\n1,"第一\n有限公司"\n2,第二\n', encoding="utf-8")
    assert [(row.number, row.cells[0]) for row in read_csv(path)] == [(1, "代码"), (2, "1"), (3, "2")]


@pytest.mark.parametrize("line", ['3,"第三', '3,"第三"有限'])
def test_broken_quote_names_its_row(tmp_path: Path, line: str) -> None:
    """The row where the record begins, not the end of the file."""
    path = tmp_path / "名录.csv"
    path.write_text(f"{LINES}{line}\n5,第五\n", encoding="utf-8")
    assert refused(path) == ("csv_malformed", {"row": 4})


def test_endless_line_ends_before_it_fills_the_memory(tmp_path: Path) -> None:
    """A line of a million characters is no row."""
    path = tmp_path / "名录.csv"
    path.write_text("代码,名称\n" + "a" * 3_000_000, encoding="utf-8")
    assert refused(path) == ("line_too_long", {"row": 2, "limit": 1_000_000})


@pytest.mark.parametrize("mark", ["\t", ";", "；"])
def test_other_delimiters_are_refused(tmp_path: Path, mark: str) -> None:
    """Never one column with everything in it."""
    path = tmp_path / "名录.csv"
    path.write_text(LINES.replace(",", mark), encoding="utf-8")
    assert refused(path) == ("wrong_delimiter", {})

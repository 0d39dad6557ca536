"""Every file of a bundle is looked at once: what passes, what is held, what is remembered."""

from __future__ import annotations

import pytest

from shuangsui.contracts import Bundle, PublicFile
from shuangsui.disclosure import screening
from shuangsui.disclosure.screening import Screen

PHONE, ID_NUMBER = "13812345678", "11010519491231002X"


def page(text: str, key: str = "1") -> Bundle:
    return Bundle("chongqing", "draw", key, (PublicFile(f"draws/{key}/index.html", text.encode(), "text/html"),))


def test_bytes_that_were_found_clean_are_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unchanged for the same authority with the same numbers of its own; anything else is looked at."""
    looked: list[str] = []

    def counted(data: bytes, media_type: str, allowed: object = ()) -> list[object]:
        looked.append(data.decode())
        return []

    monkeypatch.setattr(screening, "scan_bytes", counted)
    monkeypatch.setattr(screening, "_clean", {})
    for bundle, screen in (
        (page("a"), Screen()), (page("a"), Screen()), (page("a", "2"), Screen()), (page("b"), Screen()),
        (page("a"), Screen(("12345",))), (Bundle("liangjiang", "draw", "1", page("a").files), Screen()),
    ):  # fmt: skip
        assert screen.problem(bundle) is None
    assert looked == ["a", "b", "a", "a"]


def test_numbers_of_the_authority_and_of_officers_pass() -> None:
    """Certificates and codes are asked for only where something was found; a finding is never remembered as clean."""
    asked: list[int] = []

    def lawful() -> list[str]:
        asked.append(1)
        return [PHONE]

    assert Screen((PHONE,), lawful).problem(page(f"热线 {PHONE}")) is None
    assert asked == []
    assert Screen((), lawful).problem(page(f"证号 {PHONE}")) is None
    assert asked == [1]
    for _ in range(2):
        problem = Screen((), lawful).problem(page(f"证号 {ID_NUMBER}"))
        assert problem
        assert (problem["code"], problem["params"]["where"]) == ("personal_data", "draws/1/index.html 第 1 行")
    unreadable = Bundle("chongqing", "draw", "1", (PublicFile("draws/1/a.bin", b"\x80\x81\xff\x00", "video/mp4"),))
    assert (Screen().problem(unreadable) or {})["code"] == "lint_unreadable"
    named = Bundle("chongqing", "draw", "1", (PublicFile(f"draws/{PHONE}.txt", b"x", "text/plain"),))
    assert (Screen().problem(named) or {})["params"]["where"] == "文件名"

"""``shuangsui form`` and ``shuangsui evidence`` on an embedded installation."""

from __future__ import annotations

from pathlib import Path

import pytest

from authority import Authority
from inprocess import answer, run
from inspecting import team
from shuangsui.errors import BadInput, NotAllowed, RowErrors
from shuangsui.sample.registries import forms as sample_forms
from shuangsui.sample.write import write_csv

T = ("--tenant", "chongqing")
SYS = (*T, "--as", "sys")
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(40)


def write_sample(folder: Path) -> tuple[Path, Path]:
    """The sample's two files of forms."""
    written = []
    for registry in sample_forms():
        written.append(folder / f"{registry.name}.csv")
        write_csv(written[-1], registry)
    return written[0], written[1]


def test_sample_forms_from_file_to_item(installed: Authority) -> None:
    """Import, attach all, list, show; again changes nothing."""
    installed.publish_list()
    file, attachments = write_sample(installed.folder)
    done = answer("form", "import", file, *SYS)
    assert (done["points"], len(done["new"]), done["unchanged"]) == (62, 16, [])
    assert "未变 16 份" in run("form", "import", file, *SYS)
    assert len(answer("form", "attach", "--file", attachments, *SYS)) == 16
    listed = answer("form", "list", *T)
    assert [(one["code"], one["items"]) for one in listed][:2] == [("BJ-01", ["JX-01"]), ("BJ-02", ["JX-02"])]
    by_item, by_code = answer("form", "show", "--item", "JX-11", *T), answer("form", "show", "BJ-11", *T)
    assert (by_item == by_code, by_item["code"], len(by_item["points"])) == (True, "BJ-11", 3)
    assert "淘汰计划是否按期执行" in run("form", "show", "BJ-11", "--version", "1", *T)


def test_one_bad_pair_attaches_nothing(installed: Authority) -> None:
    """The file is one act."""
    installed.publish_list()
    run("form", "import", write_sample(installed.folder)[0], *SYS)
    pairs = installed.folder / "pairs.csv"
    pairs.write_text("事项编号,检查表编号\nJX-01,BJ-01\nJX-99,BJ-01\n", encoding="utf-8")
    with pytest.raises(BadInput, match="form_item_missing"):
        run("form", "attach", "--file", pairs, *SYS)
    assert [one["items"] for one in answer("form", "list", *T)] == [[]] * 16
    assert len(answer("form", "attach", "--item", "JX-01", "--form", "BJ-01", *SYS)) == 1


@pytest.mark.parametrize("text", ["甲,乙\n1,2\n", "事项编号,检查表编号\nJX-01\n"])
def test_list_of_attachments_must_be_one(installed: Authority, text: str) -> None:
    """Wrong headers, a missing cell: exit status 2."""
    pairs = installed.folder / "pairs.csv"
    pairs.write_text(text, encoding="utf-8")
    run("form", "attach", "--file", pairs, *SYS, status=2)


@pytest.mark.parametrize(
    "words",
    [("attach", *SYS), ("attach", "--item", "JX-01", *SYS), ("show", *T), ("show", "B1", "--item", "JX-01", *T)],
)
def test_bad_usage(installed: Authority, words: tuple[str, ...]) -> None:
    """Neither or both: exit status 2."""
    run("form", *words, status=2)


def test_bad_rows_and_wrong_people_are_refused(installed: Authority) -> None:
    """The refusals reach the command."""
    file = installed.folder / "bad.csv"
    file.write_text("检查表编号,检查表名称,序号,检查内容\nB1,甲表,1,\n", encoding="utf-8")
    with pytest.raises(RowErrors):
        run("form", "import", file, *SYS)
    with pytest.raises(NotAllowed):
        run("form", "import", write_sample(installed.folder)[0], *T, "--as", "lead")


def test_evidence_in_and_out_again(installed: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add, list, get; a file that is there is not overwritten, a larger one than the setting is refused."""
    no = team(installed).until("notify").no
    photo, out = installed.folder / "现场.jpg", installed.folder / "out.jpg"
    photo.write_bytes(JPEG)
    added = answer("evidence", "add", no, photo, *T, "--as", "inspection", "--note", "厂区大门")
    assert [one["sha256"] for one in answer("evidence", "list", no, *T, "--as", "inspection")] == [added["sha256"]]
    assert "厂区大门" in run("evidence", "list", no, *T, "--as", "inspection")
    get = ("evidence", "get", no, added["sha256"], *T, "--as", "leader", "--out", out)
    assert answer(*get)["file"] == str(out)
    assert out.read_bytes() == JPEG
    with pytest.raises(FileExistsError):
        run(*get)
    monkeypatch.setenv("SHUANGSUI_EVIDENCE_MAX_BYTES", "10")
    with pytest.raises(BadInput, match="evidence_too_large"):
        run("evidence", "add", no, photo, *T, "--as", "inspection")

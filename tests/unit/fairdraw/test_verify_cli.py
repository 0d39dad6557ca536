"""``python -m fairdraw.verify``: exit status, last line, one company's question."""

from __future__ import annotations

from pathlib import Path

import pytest

import transcripts
from fairdraw.canonical import parse
from fairdraw.lookup import lookup
from fairdraw.messages import TEXTS
from fairdraw.snapshot import Snapshot, salt_of
from fairdraw.verify import main, say
from transcripts import TRUST, entry, inputs, object_request, plan_given

FULL = transcripts.full()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full example with a planted trust list, and the reader's own beside it."""
    base = tmp_path_factory.mktemp("verify")
    (base / "mine.txt").write_text(TRUST, "utf-8")
    made = transcripts.write(FULL.files, base / "draw")
    (made / "trust.txt").write_text(TRUST, "utf-8")
    return made


# verdicts


def test_12_1_verified_is_status_0(folder: Path) -> None:
    """Witnessed with the reader's list, unwitnessed without; the planted list is never read."""
    ran = transcripts.run("verify", "--trust", folder.parent / "mine.txt", folder)
    assert (ran.status, ran.last, ran.errors) == (0, "VERIFIED witnessed", "")
    assert [line for line in ran.lines if line.startswith("WARN ")] != []
    assert len([line for line in ran.lines if "通过" in line]) == 14
    alone = transcripts.run("verify", folder)
    assert (alone.status, alone.last) == (0, "VERIFIED unwitnessed")


def test_12_1_abandoned_is_status_0(tmp_path: Path) -> None:
    """Consistent, but abandoned."""
    end = entry("ABANDON", 65, r=0, reason="event-failed", by=["综合处", "纪检监察组"])
    given = inputs(log_given=[*transcripts.drawn_log()[:2], end])
    ran = transcripts.run("verify", transcripts.write(transcripts.build(given).files, tmp_path / "d"))
    assert (ran.status, ran.last) == (0, "ABANDONED event-failed")


def test_12_1_failed_is_status_1(tmp_path: Path) -> None:
    """The code last, its meaning in Chinese before it."""
    made = transcripts.write(FULL.files | {"rows.txt": FULL.files["rows.txt"][:-1]}, tmp_path / "d")
    ran = transcripts.run("verify", made)
    assert ran.status == 1
    assert ran.last.startswith("FAIL ROW_FORMAT row 119: ")
    assert ran.lines[-2].strip() == TEXTS["ROW_FORMAT"]
    assert ran.errors == ""


def test_12_1_folder_where_a_file_is_a_folder_fails(tmp_path: Path) -> None:
    """FILE_MISSING, no traceback."""
    made = transcripts.write({n: d for n, d in FULL.files.items() if n != "plan.json"}, tmp_path / "d")
    (made / "plan.json").mkdir()
    ran = transcripts.run("verify", made)
    assert (ran.status, ran.last, ran.errors) == (1, "FAIL FILE_MISSING plan.json", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [("log nonsense\n", "第 1 行"), ("quorum 0\n", "第 1 行"), (TRUST + "witness\n", "第 8 行"), ("\ud800", "utf-8")],
)
def test_7_4_malformed_trust_list_is_status_2_without_a_verdict(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, reason: str
) -> None:
    """Wrong usage, whatever the transcript."""
    path = tmp_path / "trust.txt"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert main(["--trust", str(path), str(folder)]) == 2
    out = capsys.readouterr().out
    assert out.startswith(f"信任名单 {path} 无法使用：")
    assert reason in out
    assert len(out.splitlines()) == 1


def test_wrong_usage_is_status_2(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No folder, a file for a folder, no such list."""
    file = tmp_path / "file"
    file.write_text("x")
    assert main([str(tmp_path / "nowhere")]) == 2
    assert main([str(file)]) == 2
    assert main(["--trust", str(tmp_path / "none"), str(folder)]) == 2
    assert main(["--object", "x", "--receipt", str(tmp_path / "none"), str(folder)]) == 2
    assert "FAIL" not in capsys.readouterr().out
    assert transcripts.run("verify").status == 2
    assert transcripts.run("verify", "--salt", "x", "--receipt", "y", folder).status == 2


def test_trust_list_with_a_byte_order_mark_is_read(folder: Path, tmp_path: Path) -> None:
    """As editors on Windows write it."""
    path = tmp_path / "trust.txt"
    path.write_text(TRUST.replace("\n", "\r\n"), "utf-8-sig", newline="")
    assert transcripts.run("verify", "--trust", path, folder).last == "VERIFIED witnessed"


def test_names_in_a_transcript_cannot_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Line separators, overwriting and direction marks are shown, not obeyed."""
    say("FAIL x\r\u2028VERIFIED witnessed\u202e\x1b[2K\x85\ud800 渝企")
    out = capsys.readouterr().out
    assert out == "FAIL x\\r\\u2028VERIFIED witnessed\\u202e\\x1b[2K\\x85\\ud800 渝企\n"
    assert len(out.splitlines()) == 1


def test_output_that_cannot_write_chinese_does_not_break(folder: Path) -> None:
    """A console of another encoding."""
    ran = transcripts.run("verify", folder, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ran.status, ran.last, ran.errors) == (0, "VERIFIED unwitnessed", "")


# one company's question


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draw in public mode."""
    return transcripts.write(transcripts.plain("public").files, tmp_path_factory.mktemp("public") / "d")


def ask(folder: Path, code: str, capsys: pytest.CaptureFixture[str], *more: object) -> tuple[int, list[str]]:
    """Exit status and lines for a company."""
    status = main(["--object", code, *map(str, more), str(folder)])
    return status, capsys.readouterr().out.splitlines()


def ids_by_fate(example: transcripts.Example) -> tuple[str, str, str]:
    """One drawn, one not drawn, one excluded company."""
    drawn = example.drawn_ids
    rows = example.made.frozen.rows.decode().splitlines()
    pairs = list(zip(example.made.frozen.ids, rows, strict=True))
    excluded = next(id_ for id_, row in pairs if not row.endswith(" -"))
    other = next(id_ for id_, row in pairs if row.endswith(" -") and id_ not in drawn)
    return drawn[0], other, excluded


def test_13_public_mode_answers_for_any_company(public: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the pool with its chance, excluded with its code, or not in the pool."""
    drawn, other, excluded = ids_by_fate(transcripts.plain("public"))
    status, lines = ask(public, drawn, capsys)
    assert status == 0
    assert lines[0].startswith(f"{drawn} 在名录里：层 ")
    assert lines[1].startswith("机会按权重：本单位 ")
    assert lines[2].endswith("，抽中")
    assert ask(public, other, capsys)[1][2].endswith("，未抽中")
    status, lines = ask(public, excluded, capsys)
    assert (status, lines[1]) == (0, "不参加这次抽取，排除代码 X10-1")
    assert ask(public, "91500000NOBODY000X", capsys) == (0, ["91500000NOBODY000X 不在这次抽取的名录里"])


def test_13_chance_of_equal_weights_is_quota_over_pool(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In plain numbers."""
    given = inputs(records=[[f"id{i}", "A", 1, "-"] for i in range(40)], K=None)
    given["plan_given"] |= {"mode": "public", "rules": _rules("1/20")}
    made = transcripts.write(transcripts.build(given).files, tmp_path / "d")
    assert ask(made, "id7", capsys)[1][1] == "机会：2/40（名额/本层可抽数）"


def _rules(ratio: str) -> dict[str, object]:
    return {"mode": "ratio", "total": None, "strata": {"A": {"ratio": ratio, "floor": 0, "cap": None}}}


def test_13_salted_mode_answers_by_opening_salt_or_receipt(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each of the three names the row."""
    drawn, other, _ = ids_by_fate(FULL)
    assert ask(folder, drawn, capsys)[1][0].startswith(f"{drawn} 在名录里：")
    salt = salt_of(FULL.made.key or b"", other, FULL.made.h).hex()
    status, lines = ask(folder, other, capsys, "--salt", salt)
    assert (status, lines[2].endswith("，未抽中")) == (0, True)
    receipt = parse(FULL.files["receipt-1.json"])["id"]
    status, lines = ask(folder, receipt, capsys, "--receipt", folder / "receipt-1.json")
    assert (status, lines[0].startswith(f"{receipt} 在名录里：")) == (0, True)


def test_13_salted_mode_never_says_no(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without opening, salt or receipt, or with another salt, it cannot be known."""
    _, other, excluded = ids_by_fate(FULL)
    for code in (other, excluded, "91500000NOBODY000X", ""):
        for more in ((), ("--salt", "0" * 32)):
            status, lines = ask(folder, code, capsys, *more)
            assert (status, len(lines)) == (2, 1)
            assert lines[0].startswith(f"无法判断 {code} 是否在名录里")
            assert "不在" not in lines[0]


def test_13_wrong_salt_form_or_foreign_receipt_is_status_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Said in one sentence."""
    _, other, _ = ids_by_fate(FULL)
    assert ask(folder, other, capsys, "--salt", "A" * 32) == (2, ["无法使用：盐应为 32 位小写十六进制"])
    owner = parse(FULL.files["receipt-1.json"])["id"]
    foreign = ask(folder, other, capsys, "--receipt", folder / "receipt-1.json")
    assert foreign == (2, [f"无法使用：查验单是 {owner} 的，不是 {other} 的"])


def test_13_forged_receipt_is_status_1(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its code."""
    forged = transcripts.edited(FULL.files, "receipt-1.json", lambda r: r["tile"].reverse())["receipt-1.json"]
    path = tmp_path / "r.json"
    path.write_bytes(forged)
    owner = parse(forged)["id"]
    status, lines = ask(folder, owner, capsys, "--receipt", path)
    assert (status, lines[-1].split(" ")[:2]) == (1, ["FAIL", "RECEIPT_ROW"])


def test_13_failed_transcript_gives_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """First the draw must verify."""
    files = transcripts.plain("public").files
    made = transcripts.write(files | {"ids.txt": files["ids.txt"][:-1]}, tmp_path / "d")
    status, lines = ask(made, "x", capsys)
    assert (status, lines) == (1, ["FAIL PUBLIC_ID ids.txt does not end with a line feed"])


def fate(example: transcripts.Example, b: bytes) -> str:
    """The last line for a row."""
    lines: list[str] = []
    v = transcripts.checked(example.files)
    assert isinstance(v.snapshot, Snapshot)
    ids = dict(zip(example.made.frozen.rows.split(b"\n"), example.made.frozen.ids, strict=False))
    code = next(id_ for row, id_ in ids.items() if row.startswith(b.hex().encode()))
    salt = salt_of(example.made.key or b"", code, example.made.h).hex()
    assert lookup(v, code, salt=salt, receipt=None, say=lines.append) == 0
    return lines[-1].split("，", 1)[1]


def test_13_replacements_are_told() -> None:
    """Replaced out, replaced in, cancelled."""
    given = inputs(log_given=[*transcripts.drawn_log(), *object_request(1, 70, 2)])
    example = transcripts.build(given)
    assert example.made.draw is not None
    assert example.made.state is not None
    assert fate(example, example.made.draw.selection.order[2].b) == "抽中，后因对象无效被替换"
    assert fate(example, example.made.state.tasks[2].b) == "候补替换入选"
    given["plan_given"] = plan_given(teams=None, experts=None, alternates=0)
    cancelled = transcripts.build(given)
    assert cancelled.made.draw is not None
    assert fate(cancelled, cancelled.made.draw.selection.order[2].b) == "抽中，任务已取消"


def test_13_abandoned_draw_has_no_outcome(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the pool, but nothing was drawn."""
    end = entry("ABANDON", 65, r=0, reason="event-failed", by=["综合处", "纪检监察组"])
    given = inputs(K=None, log_given=[*transcripts.drawn_log()[:2], end])
    given["plan_given"]["mode"] = "public"
    example = transcripts.build(given)
    made = transcripts.write(example.files, tmp_path / "d")
    assert ask(made, example.made.frozen.ids[0], capsys)[1][-1] == "这次抽取已作废，没有结果"


def test_argument_that_is_no_text_is_status_2(public: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes of another encoding on the command line."""
    status, lines = ask(public, "\udcff", capsys)
    assert (status, lines[0].startswith("无法使用：")) == (2, True)

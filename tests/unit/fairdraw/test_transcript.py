"""srd-1 section 12: files and openings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import transcripts
from fairdraw import plan as plans
from fairdraw import snapshot
from fairdraw.canonical import canon, parse
from fairdraw.rebuild import LogBuilder, Rebuild
from fairdraw.transcript import read_folder

FULL = transcripts.full().files


def opened(edit: Any) -> str:
    """The code of the example with edited openings."""
    return transcripts.code(transcripts.edited(FULL, "openings.json", edit), transcripts.TRUST)


def first(openings: dict[str, Any]) -> dict[str, Any]:
    value: dict[str, Any] = openings[min(openings)]
    return value


def test_12_folder_gives_the_named_files_only(tmp_path: Path) -> None:
    """A trust list, notes, sub-folders and pipes are never read."""
    folder = transcripts.write(FULL, tmp_path / "d")
    for name in ("trust.txt", "README.md", "plan.json.bak", "xplan.json", "receipt-1.txt", "checkpoint-1.txt.sig"):
        (folder / name).write_bytes(b"x")
    (folder / "receipt-folder.json").mkdir()
    os.mkfifo(folder / "receipt-pipe.json")
    assert read_folder(folder) == FULL


def test_12_1_openings_may_be_empty_or_partial() -> None:
    """They grow as notices are served."""
    assert opened(lambda o: o.clear()) == "VERIFIED witnessed"
    assert opened(lambda o: o.pop(min(o))) == "VERIFIED witnessed"


def test_12_1_replaced_objects_may_be_opened_too() -> None:
    """Drawn is drawn: the object replaced out and the one replaced in."""
    state = transcripts.full().made.state
    assert state is not None
    openings = parse(FULL["openings.json"])
    assert set(openings) == {b.hex() for b in state.drawn}
    assert len(openings) == len(state.tasks) + 1


@pytest.mark.parametrize(
    "value",
    [None, 1, "x", [], {"id": "x"}, {"id": "x", "salt": "0" * 32, "n": 1}, {"id": "", "salt": "0" * 32},
     {"id": 1, "salt": "0" * 32}, {"id": "x", "salt": ""}, {"id": "x", "salt": "A" * 32}, {"id": "x", "salt": None}],
    ids=repr,
)  # fmt: skip
def test_12_1_opening_of_another_form_is_opening(value: Any) -> None:
    """Before membership is looked at."""
    assert opened(lambda o: o.update({min(o): value})) == "OPENING"
    assert opened(lambda o: o.update({"0" * 64: value})) == "OPENING"


@pytest.mark.parametrize("openings", [[], None, "x", 1], ids=repr)
def test_12_1_openings_that_are_no_object_are_opening(openings: Any) -> None:
    """Any JSON value."""
    assert transcripts.code({**FULL, "openings.json": canon(openings)}) == "OPENING"


def test_12_1_key_that_is_no_hex64_is_opening() -> None:
    """Form first."""
    assert opened(lambda o: o.update({"x": first(o)})) == "OPENING"


def test_12_1_object_never_drawn_is_opening_extra() -> None:
    """Even a true opening of a row."""
    made = transcripts.full().made
    drawn = set(parse(FULL["openings.json"]))

    def open_another(o: dict[str, Any]) -> None:
        for id_ in made.frozen.ids:
            salt = snapshot.salt_of(made.key or b"", id_, made.h)
            b = snapshot.blind(id_, salt, made.h).hex()
            if b not in drawn:
                o[b] = {"id": id_, "salt": salt.hex()}
                return

    assert opened(open_another) == "OPENING_EXTRA"


def test_12_1_opening_of_another_id_or_salt_is_opening() -> None:
    """The hash decides."""
    assert opened(lambda o: first(o).update(id="别的企业")) == "OPENING"
    assert opened(lambda o: first(o).update(salt="0" * 32)) == "OPENING"


class Doubling(Rebuild):
    """An operator who freezes one company twice under two salts and draws honestly from there."""

    openings: bytes

    def __post_init__(self) -> None:
        super().__post_init__()
        rows = sorted((snapshot.blind("id0", bytes([s] * 16), self.h), bytes([s] * 16)) for s in (1, 2))
        self.openings = canon({b.hex(): {"id": "id0", "salt": salt.hex()} for b, salt in rows})
        lines = [f"{b.hex()} A 1 -\n".encode() for b, _ in rows]
        root = snapshot.root_of_lines(lines, self.h).hex()
        summary = {"root": root, "n": 2, "eligible": {"A": 2}, "excluded": {}}
        self.frozen = snapshot.Frozen(b"".join(lines), ["id0", "id0"], summary)
        self.plan = plans.read(canon(self._plan(self.inputs["plan_given"])))
        self.entries = LogBuilder(self).build()


def test_12_1_one_id_in_two_rows_is_opening_dup() -> None:
    """Salted mode hides doubles until they are opened."""
    rules = {"mode": "ratio", "total": None, "strata": {"A": {"ratio": "1/1", "floor": 0, "cap": None}}}
    given = transcripts.inputs(records=[["id0", "A", 1, "-"], ["id1", "A", 1, "-"]])
    given["plan_given"]["rules"] = rules
    made = Doubling(given)
    assert transcripts.code(made.files()) == "VERIFIED unwitnessed"
    assert transcripts.code(made.files() | {"openings.json": made.openings}) == "OPENING_DUP"


def test_12_1_missing_files_in_order() -> None:
    """Step 1 names the four, later steps their own."""
    for name in ("plan.json", "rows.txt", "log.jsonl", "openings.json"):
        rest = {other: data for other, data in FULL.items() if other != name}
        assert transcripts.verdict(rest) == f"FAIL FILE_MISSING {name}"
    without = {name: data for name, data in FULL.items() if name != "result.json"}
    assert transcripts.verdict(without) == "FAIL FILE_MISSING result.json"
    public = transcripts.plain("public").files
    assert transcripts.verdict(public) == "VERIFIED unwitnessed"
    del public["ids.txt"]
    assert transcripts.verdict(public) == "FAIL FILE_MISSING ids.txt"
    assert transcripts.verdict({}) == "FAIL FILE_MISSING plan.json"


@pytest.mark.parametrize("name", sorted(FULL))
def test_12_1_empty_file_fails_with_its_code(name: str) -> None:
    """Nothing is taken for an empty list."""
    codes = {"rows.txt": "ROW_FORMAT", "checkpoint": "CHECKPOINT_FORMAT"}
    expected = codes.get(name.split("-", maxsplit=1)[0], "NOT_CANONICAL")
    assert transcripts.code(FULL | {name: b""}) == expected

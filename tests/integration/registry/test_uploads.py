"""A file taken in step by step: kept, its columns named, checked and written by the worker (article 6)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from os import umask
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from shuangsui.access.policy import Role
from shuangsui.access.service import revoke
from shuangsui.db import move_clock, now
from shuangsui.errors import BadInput, NotAllowed, NotFound, RuleRefused, ShuangsuiError
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.outbox import OutboxRow, WorkState
from shuangsui.registry import import_work, imports, read
from shuangsui.registry.columns import OBJECTS
from shuangsui.registry.import_work import Place
from shuangsui.registry.imports import KEPT, Columns
from shuangsui.registry.mapping import suggested
from shuangsui.registry.service import import_file
from shuangsui.registry.tables import RegistryUpload, UploadState
from shuangsui.registry.uploads import Progress, Uploads

from .conftest import CODES, FIRMS, HEADERS

FOREIGN = ["信用号", "全称", *HEADERS["objects"][2:]]
SAID = {
    "code": "信用号", "name": "全称", "district": "区县", "industry": "行业代码", "items": "事项编号",
    "flags": "违法违规记录", "status": "状态",
}  # fmt: skip
WRONG = [["坏", "丁有限公司（模拟）", *FIRMS[0][2:]], [CODES[3], "", *FIRMS[0][2:]]]


@dataclass
class Clerk:
    """Who takes files in, and the worker that serves them."""

    scope: Any
    place: Place
    folder: Path

    def upload(self, rows: Any, header: list[str] = FOREIGN, name: str = "名录.csv", tenant: str = "chongqing") -> str:
        data = "\n".join(",".join(row) for row in [header, *rows]).encode()
        with self.scope(tenant) as session:
            store = Uploads(self.place.store.root, tenant)
            return str(imports.upload(session, store, "objects", name, data, actor="lead").id)

    def do(self, act: Callable[..., Any], id_: str, *more: Any, actor: str = "lead") -> None:
        with self.scope("chongqing") as session:
            act(session, *((self.place.store,) if act is imports.discard else ()), id_, *more, actor=actor)

    def check(self, id_: str, said: dict[str, str] = SAID, **columns: Any) -> RegistryUpload:
        self.do(imports.check, id_, Columns(said, **columns))
        import_work.check(self.place, self.row(id_).id)
        return self.row(id_)

    def write(self, id_: str) -> RegistryUpload:
        self.do(imports.confirm, id_)
        import_work.write(self.place, self.row(id_).id)
        return self.row(id_)

    def row(self, id_: str) -> RegistryUpload:
        with self.scope("chongqing") as session:
            return imports.find(session, id_)

    def codes(self) -> list[str]:
        with self.scope("chongqing") as session:
            return [entry.code for entry in read.objects_of(session)]

    def entries(self) -> list[tuple[str, str]]:
        with self.scope("chongqing") as session:
            rows = session.exec(select(LedgerEntry).order_by(LedgerEntry.n)).all()
            return [(row.act, row.actor) for row in rows if row.act.startswith("registry.")]


@pytest.fixture
def clerk(engine: Engine, scope: Any, tmp_path: Path) -> Clerk:
    return Clerk(scope, Place(engine, "chongqing", Uploads(tmp_path / "uploads", "chongqing")), tmp_path)


@contextmanager
def refused(code: str, kind: type[ShuangsuiError] = RuleRefused) -> Any:
    """Whatever is done in it is refused like that."""
    with pytest.raises(kind) as found:
        yield
    assert found.value.code == code


def test_r6_1_a_file_goes_in_step_by_step(clerk: Clerk) -> None:
    """Its own headers, the counts of the check and of the import, one entry for each decision, and nothing left."""
    id_ = clerk.upload(FIRMS)
    assert (clerk.row(id_).state, clerk.row(id_).heads[0]["header"]) == (UploadState.COLUMNS, FOREIGN)
    checked = clerk.check(id_)
    counts = {name: checked.outcome[name] for name in ("rows", "added", "changed", "removed")}
    assert (checked.state, counts) == (UploadState.READY, {"rows": 3, "added": 3, "changed": 0, "removed": 0})
    assert (clerk.codes(), checked.names) == ([], {"code": "信用号", "name": "全称"})
    assert clerk.place.store.progress(checked.id) == Progress("compare", 3, 3)
    done = clerk.write(id_)
    assert (done.state, done.outcome["added"], clerk.codes()) == (UploadState.DONE, 3, CODES[:3])
    assert {tuple(head["samples"]) for head in done.heads} == {()}
    assert clerk.entries() == [(f"registry.{act}", "lead") for act in ("upload", "columns", "confirm", "import")]
    assert not any((clerk.folder / "uploads" / "chongqing").iterdir())


def test_r6_1_what_was_said_of_the_columns_is_remembered(clerk: Clerk) -> None:
    """Of the last file that came in; what a refused one said is not."""
    with clerk.scope("chongqing") as session:
        assert imports.remembered(session, "objects") == {}
    id_ = clerk.upload(FIRMS)
    clerk.check(id_)
    clerk.write(id_)
    clerk.check(clerk.upload(WRONG, ["代号", *FOREIGN[1:]]), SAID | {"code": "代号"})
    with clerk.scope("chongqing") as session:
        names = imports.remembered(session, "objects")
        assert imports.remembered(session, "inspectors") == {}
    assert suggested(OBJECTS, FOREIGN, names) == {**dict.fromkeys(("address", "risk_class"), ""), **SAID}


def test_r6_1_a_bad_file_names_every_error_and_can_be_mended_in_no_other_way(clerk: Clerk) -> None:
    """Row, column, what is wrong and how to mend it; the report beside; no way to confirm."""
    row = clerk.check(id_ := clerk.upload([*FIRMS, *WRONG]))
    assert (row.state, row.outcome["code"], row.outcome["params"]) == (
        UploadState.REFUSED, "rows_refused", {"rows": 5, "count": 2},
    )  # fmt: skip
    assert [(one["row"], one["column"], one["what"], one["mend"]) for one in row.outcome["errors"]] == [
        (5, "信用号", "“坏”有1位", "统一社会信用代码是18位，注册号是15位，请核对。"),
        (6, "全称", "“全称”不能为空", "请填写。"),
    ]
    assert [(one["code"], one["count"]) for one in row.outcome["kinds"]] == [("code_length", 1), ("required_empty", 1)]
    assert clerk.place.store.report(row.id).is_file()
    with refused("import_unready"):
        clerk.do(imports.confirm, id_)
    assert clerk.codes() == []


def test_r6_5_a_registry_that_changed_since_the_check_is_not_written_over(clerk: Clerk, write: Any) -> None:
    """Neither when it is confirmed nor when the worker comes to it; checked again it may be."""
    clerk.check(id_ := clerk.upload(FIRMS[:2]))
    take_in(clerk, write("objects", FIRMS))
    with refused("registry_moved"):
        clerk.do(imports.confirm, id_)
    assert (clerk.check(id_).outcome["removed"], clerk.codes()) == (1, CODES[:3])
    clerk.do(imports.confirm, id_)
    take_in(clerk, write("objects", FIRMS, name="again.csv"))
    import_work.write(clerk.place, clerk.row(id_).id)
    assert (clerk.row(id_).state, clerk.row(id_).outcome["code"]) == (UploadState.REFUSED, "registry_moved")
    assert clerk.codes() == CODES[:3]
    clerk.check(id_, partial=True)
    assert (clerk.write(id_).outcome["removed"], clerk.codes()) == (0, CODES[:3])


def take_in(clerk: Clerk, path: Path) -> None:
    """As on the command line."""
    with clerk.scope("chongqing") as session:
        import_file(session, "objects", path, actor="lead")


def test_file_that_is_not_the_one_uploaded_is_refused(clerk: Clerk) -> None:
    """Altered before the check, between check and import, or gone."""
    row = clerk.row(clerk.upload(FIRMS))
    path = clerk.place.store.path(row.id)
    good = path.read_bytes()
    path.write_bytes(good + b"\n")
    assert clerk.check(str(row.id)).outcome["code"] == "file_changed"
    path.write_bytes(good)
    clerk.check(str(row.id))
    path.write_bytes(good.replace("乙".encode(), "丁".encode()))
    assert (clerk.write(str(row.id)).outcome["code"], clerk.codes()) == ("file_changed", [])
    clerk.place.store.drop(row.id)
    assert clerk.check(str(row.id)).outcome["code"] == "upload_gone"


def test_whoever_may_no_longer_import_has_confirmed_nothing(clerk: Clerk) -> None:
    """The right is looked at again when it is written."""
    clerk.check(id_ := clerk.upload(FIRMS))
    with pytest.raises(NotAllowed):
        clerk.do(imports.confirm, id_, actor="leader")
    clerk.do(imports.confirm, id_)
    with clerk.scope("chongqing") as session:
        revoke(session, "lead", Role.LEAD_OFFICE, by="guard")
    import_work.write(clerk.place, clerk.row(id_).id)
    assert (clerk.row(id_).state, clerk.codes()) == (UploadState.REFUSED, [])


def test_work_that_is_run_again_does_nothing_twice(clerk: Clerk) -> None:
    """Nor work on what was given up."""
    clerk.check(id_ := clerk.upload(FIRMS))
    import_work.check(clerk.place, clerk.row(id_).id)
    clerk.write(id_)
    import_work.write(clerk.place, clerk.row(id_).id)
    assert [act for act, _ in clerk.entries()].count("registry.import") == 1
    other = clerk.upload(FIRMS[:1])
    clerk.do(imports.check, other, Columns(SAID))
    gone = clerk.row(other).id
    with pytest.raises(RuleRefused, match="import_busy"):
        clerk.do(imports.check, other, Columns(SAID))
    with clerk.scope("chongqing") as session:
        session.delete(imports.find(session, other))
    import_work.check(clerk.place, gone)
    with refused("import_missing", NotFound):
        clerk.row(other)


def test_upload_that_is_given_up_leaves_nothing(clerk: Clerk) -> None:
    """But the entry that says so; one that is being written can no longer be."""
    id_ = clerk.upload(FIRMS)
    clerk.do(imports.discard, id_)
    with refused("import_missing", NotFound):
        clerk.row(id_)
    assert (clerk.entries()[-1], [*(clerk.folder / "uploads" / "chongqing").iterdir()]) == (
        ("registry.discard", "lead"), [],
    )  # fmt: skip
    clerk.check(other := clerk.upload(FIRMS))
    clerk.do(imports.confirm, other)
    with refused("import_busy"):
        clerk.do(imports.discard, other)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("名录.xls", b"\xd0\xcf\x11\xe0", "legacy_workbook"),
        ("名录.csv", b"", "empty_file"),
        ("名录.pdf", b"%PDF", "unknown_file_type"),
    ],
)
def test_file_whose_beginning_cannot_be_read_is_not_kept(clerk: Clerk, name: str, data: bytes, code: str) -> None:
    """Said at once, and no row, file or work is left."""
    with clerk.scope("chongqing") as session, refused(code, BadInput):
        imports.upload(session, clerk.place.store, "objects", name, data, actor="lead")
    with clerk.scope("chongqing") as session:
        assert (session.exec(select(RegistryUpload)).all(), session.exec(select(OutboxRow)).all()) == ([], [])
    assert [*(clerk.folder / "uploads" / "chongqing").iterdir()] == []


def test_uploads_are_of_one_authority(clerk: Clerk) -> None:
    """Another's answers like a missing one, to people and to the worker."""
    theirs = clerk.upload(FIRMS, tenant="liangjiang")
    with refused("import_missing", NotFound):
        clerk.row(theirs)
    import_work.check(clerk.place, UUID(theirs))
    with clerk.scope("liangjiang") as session:
        assert imports.find(session, theirs).state is UploadState.COLUMNS


def test_what_nobody_went_on_with_goes_after_a_week(clerk: Clerk) -> None:
    """But for the last file that came in, whose columns are remembered."""
    for rows in (FIRMS[:1], FIRMS):
        clerk.check(id_ := clerk.upload(rows))
        clerk.write(id_)
    clerk.upload(FIRMS)
    with clerk.scope("chongqing") as session:
        assert imports.tidy(session, now(session) - KEPT) == 0
        move_clock(session, KEPT + timedelta(minutes=1))
    with clerk.scope("chongqing") as session:
        assert imports.tidy(session, now(session) - KEPT) == 2
        assert [str(row.id) for row in session.exec(select(RegistryUpload))] == [id_]
        assert imports.remembered(session, "objects") == {"code": "信用号", "name": "全称"}


def test_progress_counts_the_rows_of_check_comparison_and_import(clerk: Clerk) -> None:
    """Of about how many; nothing is told of what was given up."""
    seen: list[Progress] = []
    with patch.object(Uploads, "tell", lambda _store, _id, progress: seen.append(progress)):
        clerk.check(id_ := clerk.upload(FIRMS))
        clerk.write(id_)
    assert seen == [Progress("compare", 3, 3), Progress("write", 3, 3)]
    store = clerk.place.store
    store.tell(clerk.row(id_).id, seen[0])
    assert store.progress(clerk.row(id_).id) is None


def test_nobody_else_looks_into_the_folders_of_an_upload(clerk: Clerk) -> None:
    """From the folder of all uploads down, whatever the process leaves open otherwise."""
    before = umask(0o022)
    try:
        id_ = clerk.upload(FIRMS)
    finally:
        umask(before)
    folder = clerk.place.store.path(clerk.row(id_).id).parent
    above = (folder, *folder.parents)[:4]
    assert [(one.name, oct(one.stat().st_mode & 0o777)) for one in above] == [
        ("file", "0o700"), (id_, "0o700"), ("chongqing", "0o700"), ("uploads", "0o700"),
    ]  # fmt: skip


def discard_and_fail(clerk: Clerk, id_: str) -> None:
    """In one unit of work."""
    with clerk.scope("chongqing") as session:
        imports.discard(session, clerk.place.store, id_, actor="lead")
        raise ZeroDivisionError


def test_a_file_outlives_a_discard_that_does_not_stand(clerk: Clerk) -> None:
    """What is written after it fails: the upload is still there, with its file."""
    id_ = clerk.upload(FIRMS)
    with pytest.raises(ZeroDivisionError):
        discard_and_fail(clerk, id_)
    assert clerk.place.store.path(clerk.row(id_).id).is_file()
    clerk.do(imports.discard, id_)
    assert not any((clerk.folder / "uploads" / "chongqing").iterdir())


def test_what_the_worker_gave_up_can_be_given_up(clerk: Clerk) -> None:
    """A dead letter ends nothing by itself: while it waits or runs the file is busy; afterwards somebody discards."""
    id_ = clerk.upload(FIRMS)
    clerk.check(id_)
    clerk.do(imports.confirm, id_)
    with refused("import_busy"):
        clerk.do(imports.discard, id_)
    with clerk.scope("chongqing") as session:
        (job,) = session.exec(select(OutboxRow).where(OutboxRow.job == imports.WRITE)).all()
        job.state = WorkState.DEAD
        session.add(job)
    with clerk.scope("chongqing") as session:
        assert imports.is_stuck(session, imports.find(session, id_))
    clerk.do(imports.discard, id_)
    with refused("import_missing", NotFound):
        clerk.do(imports.discard, id_)
    import_work.write(clerk.place, UUID(id_))
    assert clerk.codes() == []

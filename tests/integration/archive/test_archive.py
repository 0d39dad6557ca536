"""One district written into a file, deleted, and put back into the running system (a rehearsal)."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import func, select

from authority import Authority
from fairdraw.verification import Verification
from inspecting import team
from keeping import STORE, Box, keep
from shelf import Place
from shuangsui import db
from shuangsui.archive import content, dumping, purging, restoring
from shuangsui.archive.policy import MANIFEST, Heads, Manifest
from shuangsui.draws import transcripts
from shuangsui.draws.office import all_draws
from shuangsui.errors import BadInput, RuleRefused, ShuangsuiError
from shuangsui.ledger.alerts import clear_alert, raise_alert
from shuangsui.ledger.keys import Keyring
from shuangsui.ledger.service import record, verify
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.notification import recipients
from shuangsui.planning.case_tables import VisitEntry
from shuangsui.settings import Settings
from two_levels import district_draw, municipal_draw

DISTRICT, BY = "yuzhong", "os:test"
PHONE = "13800138000"


class City:
    """A municipality and one district, both with draws, inspections and people."""

    def __init__(self, place: Place) -> None:
        self.city = Authority(place.engine, place.folder, place=place)
        self.city.once("a district has inspected", self._inspect)
        self.district = self.city.beside(DISTRICT)
        owner = place.database.owner if place.database.is_postgres else None
        self.settings = Settings(var=place.folder, database_url=place.database.app, migration_url=owner)
        folder = self.settings.evidence / DISTRICT / "ab"
        folder.mkdir(parents=True)
        (folder / "photo.jpg").write_bytes(b"a photograph")
        self.file = place.folder / "district.zip"
        self.engine = place.engine

    def _inspect(self) -> None:
        team(*district_draw(self.city, municipal_draw(self.city))).whole()

    def dump(self) -> Manifest:
        return dumping.dump(self.engine, self.settings, DISTRICT, self.file, actor=BY)

    def purge(self, tenant: str = DISTRICT) -> dict[str, int]:
        return purging.purge(
            self.engine, self.settings, self.city.office.tree.get(tenant), self.file, actor=BY, moved="rehearsal"
        )

    def restore(self, keys: Path | None = None) -> Manifest:
        keyring = Keyring(keys or self.settings.var / "master.key")
        tree = self.city.office.tree
        return restoring.restore(self.engine, self.settings, self.file, keyring, tree, actor=BY)

    def counts(self, tenant: str) -> dict[str, int]:
        """Rows of one authority, table by table."""
        with db.session(self.engine, tenant, readonly=True) as session:
            return {
                kind.__tablename__: session.exec(select(func.count()).select_from(kind)).one()
                for kind in content.owned()
            }

    def digest(self, tenant: str) -> str:
        """Of every row of one authority."""
        found = sha256()
        with db.session(self.engine, tenant, readonly=True) as session:
            for kind in content.owned():
                for row in content.rows_of(session, kind):
                    found.update(repr(sorted(row.items())).encode())
        return found.hexdigest()

    def rows(self, tenant: str) -> dict[str, list[dict]]:
        """Every row of one authority."""
        with db.session(self.engine, tenant, readonly=True) as session:
            return {kind.__tablename__: [*content.rows_of(session, kind)] for kind in content.owned()}

    def heads(self, tenant: str) -> Heads:
        with db.session(self.engine, tenant, readonly=True) as session:
            return content.heads(session)

    def transcripts(self) -> dict[str, dict[str, bytes]]:
        """The published files of each of the district's draws."""
        with self.district.session() as session:
            return {draw.no: transcripts.transcript(session, self.district.office, draw) for draw in all_draws(session)}


@pytest.fixture
def city(place: Place) -> City:
    return City(place)


def test_district_is_dumped_dropped_and_restored(city: City) -> None:
    """Nothing is missing, ledger and transcripts verify, the other authority never noticed."""
    before, files, others = city.counts(DISTRICT), city.transcripts(), city.digest("chongqing")
    made = city.dump()
    assert made.rows["ledger_entry"] == before["ledger_entry"] + 1
    assert made.heads == city.heads(DISTRICT)
    gone = city.purge()
    assert {name: count for name, count in gone.items() if name != content.USERS} == before | {
        "ledger_entry": before["ledger_entry"] + 1
    }
    assert set(city.counts(DISTRICT).values()) == {0}
    assert not (city.settings.evidence / DISTRICT).exists()
    city.restore()
    assert city.counts(DISTRICT) == before | {"ledger_entry": before["ledger_entry"] + 2, "web_session": 0}
    assert city.transcripts() == files
    assert [verdict(one) for one in files.values()] == ["VERIFIED unwitnessed"]
    with city.district.session() as session:
        assert verify(session).faults == ()
    assert (city.settings.evidence / DISTRICT / "ab" / "photo.jpg").read_bytes() == b"a photograph"
    assert city.heads("chongqing").ledger > 0
    assert city.digest("chongqing") != others  # its ledger says who deleted what


def test_every_value_is_what_it_was(city: City) -> None:
    """Also an empty one where a fresh row would have a default, like an alert that is over."""
    with city.district.session() as session:
        raise_alert(session, "plan_missing", "plan/2026", article="第七条")
        clear_alert(session, "plan_missing", "plan/2026")
    city.dump()
    before = city.rows(DISTRICT)
    city.purge(), city.restore()
    after = city.rows(DISTRICT)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"ledger_entry", "counter", "web_session"} & changed
    assert after["ledger_entry"][:-1] == before["ledger_entry"]
    assert [row["open"] for row in after["alert"] if row["subject"] == "plan/2026"] == [None]


def test_work_goes_on_where_it_stopped(city: City) -> None:
    """A draw after the restore follows the one before: numbers, log and counters are the same."""
    last = city.heads(DISTRICT).drawlog
    city.dump(), city.purge(), city.restore()
    with city.district.session() as session:
        record(session, "test.act", actor=BY, subject="x", payload={})
        assert verify(session).faults == ()
    assert city.heads(DISTRICT).drawlog == last


def test_append_only_tables_are_append_only_again(city: City) -> None:
    """Also the neighbours'."""
    city.dump(), city.purge(), city.restore()
    for tenant in (DISTRICT, "chongqing"):
        with pytest.raises(DatabaseError), db.session(city.engine, tenant) as session:
            forge(session)


def forge(session: db.TenantSession) -> None:
    """What nobody may do."""
    row = session.exec(select(LedgerEntry).limit(1)).one()
    row.subject = "forged"
    session.add(row)
    session.flush()


def test_visits_stay_for_those_who_count_by_them(city: City) -> None:
    """R10: the frequency of a company does not fall because an authority is gone."""
    with db.session(city.engine, "chongqing", readonly=True) as session:
        before = session.exec(select(func.count()).select_from(VisitEntry)).one()
    city.dump(), city.purge()
    with db.session(city.engine, "chongqing", readonly=True) as session:
        assert session.exec(select(func.count()).select_from(VisitEntry)).one() == before
    city.restore()
    with db.session(city.engine, "chongqing", readonly=True) as session:
        assert session.exec(select(func.count()).select_from(VisitEntry)).one() == before


@pytest.mark.parametrize(
    "member", ["rows/ledger_entry.jsonl", "rows/inspector.jsonl", "evidence/ab/photo.jpg", MANIFEST]
)
def test_archive_that_was_touched_is_refused(city: City, member: str) -> None:
    """One byte is enough, and nothing is left behind."""
    city.dump(), city.purge()
    rewritten(city.file, {member: lambda data: data[:-3] + b"#" + data[-2:]})
    assert refused(city) == "archive_unreadable"
    assert set(city.counts(DISTRICT).values()) == {0}


def test_ledger_with_a_hole_is_refused(city: City) -> None:
    """Although the manifest was made to fit: the chain tells."""
    city.dump(), city.purge()
    manifest = json.loads(ZipFile(city.file).read(MANIFEST))
    name = "rows/ledger_entry.jsonl"
    lines = ZipFile(city.file).read(name).splitlines(keepends=True)
    cut = b"".join(lines[:5] + lines[6:])
    manifest["files"][name] = sha256(cut).hexdigest()
    rewritten(city.file, {name: lambda _: cut, MANIFEST: lambda _: json.dumps(manifest).encode()})
    assert refused(city) == "archive_not_whole"
    assert set(city.counts(DISTRICT).values()) == {0}


def test_another_master_key_is_refused(city: City, tmp_path: Path) -> None:
    """Before anybody finds out at the next signature."""
    city.dump(), city.purge()
    with pytest.raises(RuleRefused) as caught:
        city.restore(tmp_path / "other.key")
    assert (caught.value.code, set(city.counts(DISTRICT).values())) == ("archive_keys", {0})


@pytest.fixture
def box(city: City, monkeypatch: pytest.MonkeyPatch) -> Box:
    """The district keeps its keys in a box, under which a telephone is sealed."""
    made = Box()
    keep(monkeypatch, **{DISTRICT: [made.loaded]})
    with city.district.session() as session:
        recipients.set_address(session, city.district.office.vault, "leader", "phone", PHONE, by="leader")
    return made


def test_what_is_sealed_stays_sealed_in_an_archive(city: City, box: Box) -> None:
    """The manifest says under which keys; nobody reads the number out of the file, and it opens once it is back."""
    made = city.dump()
    assert made.sealed == {f"{STORE}:k1": 1}
    assert b"sealed:1:" in ZipFile(city.file).read("rows/notification_recipient.jsonl")
    assert [name for name in ZipFile(city.file).namelist() if PHONE.encode() in ZipFile(city.file).read(name)] == []
    city.purge(), city.restore()
    with city.district.session() as session:
        assert recipients.reached(session, "leader").address(city.district.office.vault, "phone") == PHONE


@pytest.mark.parametrize("lost", ["key", "store"])
def test_archive_without_its_keys_is_refused(city: City, box: Box, monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    """Another installation has no such store, or another key in it; nothing is left behind."""
    city.dump(), city.purge()
    if lost == "key":
        box.keys = ["k9"]
    else:
        keep(monkeypatch)
    with pytest.raises(RuleRefused) as caught:
        city.restore()
    assert (caught.value.code, caught.value.params["store"]) == ("archive_sealed", STORE)
    assert set(city.counts(DISTRICT).values()) == {0}


def test_refusals(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over an existing file; where there is data; of another revision; of another tenant; of what went on since."""
    city.dump()
    with pytest.raises(BadInput) as caught:
        city.dump()
    assert (caught.value.code, refused(city)) == ("archive_exists", "archive_tenant_there")
    with pytest.raises(BadInput) as caught:
        city.purge("chongqing")
    assert caught.value.code == "archive_other"
    with city.district.session() as session:
        record(session, "test.act", actor=BY, subject="x", payload={})
    with pytest.raises(RuleRefused) as caught:
        city.purge()
    assert caught.value.code == "archive_outdated"
    monkeypatch.setattr(restoring, "newest", lambda: "9999")
    assert refused(city) == "archive_revision"


def verdict(files: dict[str, bytes]) -> str:
    """What the kernel's verifier says."""
    v = Verification(files)
    for _ in v.run():
        pass
    return v.verdict()


def refused(city: City) -> str:
    """The code of a refused restore."""
    with pytest.raises(ShuangsuiError) as caught:
        city.restore()
    return caught.value.code


def rewritten(file: Path, changes: dict) -> None:
    """The archive with some members changed."""
    old = file.with_suffix(".old")
    shutil.move(file, old)
    with ZipFile(old) as source, ZipFile(file, "w") as target:
        for name in source.namelist():
            target.writestr(name, changes.get(name, lambda data: data)(source.read(name)))

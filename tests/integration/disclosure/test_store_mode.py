"""The public site in an object store: the platform still finds what it has published itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from authority import ROOT, Authority
from console import Browser
from fairdraw.checkpoint import LOG_KEY, note_text, signature_line
from objectstore import ObjectStore, serving
from officials import installation
from shelf import Place
from shuangsui import db
from shuangsui.disclosure.following import follow_draw
from shuangsui.draws import feasibility, kinship
from shuangsui.errors import RuleRefused
from shuangsui.extension import handing
from shuangsui.ledger import first_look, rollback
from shuangsui.ledger.service import draw_log, record
from shuangsui.settings import Settings
from two_levels import district_draw, municipal_draw, published

OPTIONS = """
[options.channel-portal]
store = "s3://{bucket}/site"
endpoint = "{address}"
region = "{region}"
"""


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    """Listening; whatever asked it is ended afterwards."""
    with serving(ObjectStore()) as made:
        monkeypatch.setenv("SHUANGSUI_PORTAL_ACCESS_KEY", made.access_key)
        monkeypatch.setenv("SHUANGSUI_PORTAL_SECRET_KEY", made.secret_key)
        yield made
        handing.pool.close()


@pytest.fixture
def tenants(store: ObjectStore, tmp_path: Path) -> Path:
    """The city publishes in the store, and its districts inherit that."""
    folder = tmp_path / "tenants"
    shutil.copytree(ROOT / "tenants", folder)
    file = folder / "chongqing" / "tenant.toml"
    text = OPTIONS.format(bucket=store.bucket, address=store.address, region=store.region)
    file.write_text(file.read_text("utf-8") + text, "utf-8")
    return folder


@pytest.fixture
def authority(place: Place, tenants: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Users only; this process has not looked at anything yet."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    rollback.forget()
    return Authority(place.engine, place.folder, tenants=tenants)


@pytest.fixture
def settings(authority: Authority, place: Place, tenants: Path) -> Settings:
    return installation(authority, place.database.app, tenants)


def publish(authority: Authority, no: str, settings: Settings) -> None:
    """As after any act."""
    follow_draw(authority.engine, authority.office, no, actor="lead", settings=settings)


def test_front_page_lists_who_has_published(authority: Authority, settings: Settings, store: ObjectStore) -> None:
    """In the store and at the platform, page by page the same bytes under the same address."""
    authority.drawn()
    publish(authority, "2026-0001", settings)
    with Browser(settings) as browser:
        listed = browser.get("/index.json").json()["authorities"]
        pages = ["", "chongqing/", "chongqing/draws/", "chongqing/draws/2026-0001/", "chongqing/results/"]
        shown = {page: browser.get(f"/{page}") for page in pages}
    assert [(one["slug"], one["draws"]) for one in listed] == [("chongqing", 1)]
    assert listed == json.loads(store.held["site/index.json"].data)["authorities"]
    assert {page: (one.status_code, one.content) for page, one in shown.items()} == {
        page: (200, store.held[f"site/{page}index.html"].data) for page in pages
    }
    files = [one for one in settings.public.rglob("*") if one.is_file() and one.name != ".lock"]
    assert {f"site/{one.relative_to(settings.public).as_posix()}": one.read_bytes() for one in files} == {
        key: one.data for key, one in store.held.items()
    }


def test_r17_1_two_levels_are_checked_from_both_sides(authority: Authority, settings: Settings) -> None:
    """R17.1: of either authority what it has published, though it publishes elsewhere."""
    parent = municipal_draw(authority)
    district, child = district_draw(authority, parent)
    objects = len(json.loads(published(district, child)["openings.json"]))
    publish(authority, parent.no, settings)
    publish(district, child.no, settings)
    with district.session() as session:
        below = kinship.check(session, district.office, session.merge(child), settings.public)
    with authority.session() as session:
        (above,) = kinship.children(session, authority.office, session.merge(parent), settings.public)
    assert (below.objects, above.receiver, above.no, above.error) == (objects, district.slug, child.no, None)


def test_older_database_is_only_looked_at(authority: Authority, settings: Settings) -> None:
    """Measured by the copy; one that is gone is missed."""
    authority.drawn()
    publish(authority, "2026-0001", settings)
    engine = db.engine(settings)

    def act() -> str:
        rollback.forget()
        first_look.begin(engine, lambda: authority.office.tree)
        try:
            with db.session(engine, "chongqing") as session:
                record(session, "test.act", actor="lead", subject="x", payload={})
        except RuleRefused as error:
            return error.code
        return ""

    assert act() == ""
    with authority.session() as session:
        signer, size = authority.office.log_signer(session, actor="lead"), len(draw_log(session)) + 1
    text = note_text(signer.name, size, b"\x00" * 32)
    signature = signature_line(signer.name, LOG_KEY, signer.public, signer.sign(text.encode()))
    folder = settings.public / "chongqing" / "draws" / "2026-0001"
    (newer := folder / f"checkpoint-{size}.txt").write_text(f"{text}\n{signature}", "utf-8")
    assert act() == "ledger_rolled_back"
    newer.unlink()
    assert act() == ""
    shutil.rmtree(settings.public)
    assert act() == "ledger_unproved"
    engine.dispose()

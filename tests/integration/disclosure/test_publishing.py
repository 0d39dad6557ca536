"""An authority's whole site: what a citizen finds in the tree after each act, and what nobody may find there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from authority import Authority
from fairdraw.transcript import read_folder
from fairdraw.verification import Verification
from inspecting import team
from shelf import Place
from shuangsui import db
from shuangsui.cli.walk import Course
from shuangsui.disclosure import publishing, service, shown
from shuangsui.disclosure.policy import media_type
from shuangsui.disclosure.publishing import Press
from shuangsui.draws import changing, feasibility
from shuangsui.draws.office import Office
from shuangsui.draws.tables import Draw, DrawFile
from shuangsui.errors import OutsideFailed, RuleRefused
from shuangsui.extension.service import channels
from shuangsui.privacy.scanning import scan_bytes
from shuangsui.settings import Settings
from shuangsui.web.rendering import render, static_files

Publish = Callable[..., None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Where the tree is."""
    return Settings(var=tmp_path / "var")


@pytest.fixture
def authority(place: Place, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Everything up to the freeze."""
    monkeypatch.setattr(feasibility, "TRIALS", 3)
    made = Authority(place.engine, place.folder, place=place)
    made.ready(expert=False)
    return made


@pytest.fixture
def publish(authority: Authority, settings: Settings) -> Publish:
    """Publish the site, or one draw, through the real portal plugin."""

    def act(no: str | None = None, office: Office | None = None) -> None:
        at = office or authority.office
        statics = {path: file.read_bytes() for path, file in static_files().items()}
        press = Press(render, statics, "https://a.example", channels(at.tenant, settings), settings.public)
        with db.session(authority.engine, at.tenant.slug) as session:
            if no:
                publishing.publish_draw(session, at, press, no, actor="lead")
            else:
                publishing.publish_site(session, at, press, actor="lead")

    return act


def page(settings: Settings, path: str) -> dict[str, Any]:
    """The JSON twin of a page."""
    found: dict[str, Any] = json.loads((settings.public / path / "index.json").read_bytes())
    return found


def times(settings: Settings) -> dict[str, int]:
    """When each public file was last written."""
    files = (path for path in settings.public.rglob("*.*") if path.is_file() and not path.name.startswith("."))
    return {str(path): path.stat().st_mtime_ns for path in files}


def folder(settings: Settings, draw: Draw) -> Path:
    return settings.public / "chongqing" / "draws" / draw.no


def test_site_without_draws(publish: Publish, settings: Settings) -> None:
    """List and plan are public before anything is drawn; every page has its twin and the styles it names."""
    publish()
    assert len(page(settings, "chongqing/items")["catalogue"]["rows"]) > 10
    assert page(settings, "chongqing/plans/2026")["plan"]["lines"][0]["item_code"] == "JX-11"
    assert page(settings, "chongqing")["counts"] == {
        "plans": 0, "results": 0, "abandoned": 0, "after_event": 0, "open": 0,
    }  # fmt: skip
    html = (settings.public / "chongqing/index.html").read_text()
    styles = [part.split('"')[0] for part in html.split('href="')[1:] if part.startswith("/static/")]
    assert styles
    assert [path for path in styles if not (settings.public / path.lstrip("/")).is_file()] == []


def test_published_transcript_verifies(authority: Authority, publish: Publish, settings: Settings) -> None:
    """P1: the folder alone is enough, and the list links to it."""
    draw = authority.draw()
    publish(draw.no)
    v = Verification(read_folder(folder(settings, draw)))
    assert [check.name for check in v.run()][-1] == "个体查验单有效"
    assert v.verdict() == "VERIFIED unwitnessed"
    listed = [(one["no"], one["state"]) for one in page(settings, "chongqing/draws")["draws"]]
    assert listed == [(draw.no, "drawn")]


def test_frozen_draw_is_not_public(authority: Authority, publish: Publish, settings: Settings) -> None:
    """Until its plan is in the log nobody outside learns of it."""
    draw = authority.freeze()
    publish(draw.no)
    assert (folder(settings, draw).exists(), page(settings, "chongqing/draws")["draws"]) == (False, [])


def test_committed_draw_is_public_before_the_event(authority: Authority, publish: Publish, settings: Settings) -> None:
    """Anybody can see what was fixed, and that nothing is known yet."""
    draw = authority.commit(authority.freeze())
    publish(draw.no)
    assert (
        page(settings, f"chongqing/draws/{draw.no}")["state"],
        (folder(settings, draw) / "result.json").exists(),
    ) == (
        "committed",
        False,
    )


def test_private_files_never_leave(authority: Authority, publish: Publish, settings: Settings) -> None:
    """Names of objects that were drawn and not yet told, the salts' key and the frozen registry stay inside."""
    draw = authority.draw()
    publish()
    everything = b"".join(path.read_bytes() for path in settings.public.rglob("*") if path.is_file())
    names = [f"企业{i}(模拟)".encode() for i in range(200)]
    assert [name for name in names if name in everything] == []
    assert not (folder(settings, draw) / "frame.csv").exists()


def test_result_becomes_public_once(authority: Authority, publish: Publish, settings: Settings) -> None:
    """R14.6: its own publication; the day it appeared stays when the site is published again later."""
    draw = authority.draw()
    team(authority, draw, 0, Course(("corrected",), {"1": "当场改正"})).published()
    publish(draw.no)
    first = page(settings, "chongqing/results")["results"][0]
    authority.wait(days=3)
    publish()
    again = page(settings, "chongqing/results")["results"][0]
    assert (first["problem"], first["draw_no"], again["published_on"][:10]) == (
        True,
        draw.no,
        first["published_on"][:10],
    )
    with authority.session() as session:
        found = [(sent.disclosure.key, sent.disclosure.revision, sent.delivery.state) for sent in shown.sent(session)]
    assert found == [(f"{draw.no}-0", 1, "waiting"), (f"{draw.no}-0", 1, "confirmed")]


def test_whole_site_is_free_of_personal_data(authority: Authority, publish: Publish, settings: Settings) -> None:
    """Every file of the tree, transcripts and verifier included, can be looked at and nothing is found in it."""
    draw = authority.draw()
    team(authority, draw, 0, Course(("corrected",), {"1": "当场改正"})).published()
    publish()
    files = [path for path in settings.public.rglob("*") if path.is_file() and not path.name.startswith(".")]
    found = {path.name: scan_bytes(path.read_bytes(), media_type(path.name)) for path in files}
    assert {name: findings for name, findings in found.items() if findings} == {}


def test_voided_draw_stays_public_and_says_so(authority: Authority, publish: Publish, settings: Settings) -> None:
    """DESIGN section 4: the transcript stays valid, the page tells that the result was declared void."""
    draw = authority.draw()
    with authority.session() as session:
        changing.void(session, draw.no, "名录有误", actor="leader")
    publish(draw.no)
    assert "结果作废：名录有误" in page(settings, f"chongqing/draws/{draw.no}")["title"]


def test_abandoned_draw_stays_public(authority: Authority, publish: Publish, settings: Settings) -> None:
    """It is counted, with its reason."""
    draw = authority.commit(authority.freeze())
    with authority.session() as session:
        changing.abandon(session, authority.office, draw.no, "legal-order", actor="lead", second="leader")
    publish(draw.no)
    (listed,) = page(settings, "chongqing/draws")["draws"]
    assert (listed["state"], listed["reason"], page(settings, "chongqing")["counts"]["abandoned"]) == (
        "abandoned",
        "legal-order",
        1,
    )


def test_tampered_database_is_not_published(authority: Authority, publish: Publish, settings: Settings) -> None:
    """Somebody changed a row of the frozen registry behind our back: the verifier refuses, nothing goes out."""
    draw = authority.draw()
    with authority.session() as session:
        kept = session.exec(select(DrawFile).where(DrawFile.draw_id == draw.id, DrawFile.name == "rows.txt")).one()
        kept.data = kept.data.replace(b" 1 -\n", b" 2 -\n", 1)
        session.add(kept)
    with pytest.raises(RuleRefused) as caught:
        publish(draw.no)
    assert (caught.value.code, folder(settings, draw).exists()) == ("transcript_invalid", False)


def test_list_of_authorities_shows_everybody(authority: Authority, publish: Publish, settings: Settings) -> None:
    """Each tenant writes the page at the root, and none removes another from it."""
    authority.draw()
    publish()
    tree = authority.office.tree
    publish(office=Office(tree, tree.get("liangjiang"), authority.office.keyring))
    rows = page(settings, ".")["authorities"]
    assert [(row["slug"], row["draws"]) for row in rows] == [("chongqing", 1), ("liangjiang", 0)]


def test_same_state_gives_the_same_bytes(authority: Authority, publish: Publish, settings: Settings) -> None:
    """Published again after a while, nothing has a new revision and no file has changed."""
    authority.draw()
    publish()
    before = times(settings)
    authority.wait(hours=1)
    publish()
    with authority.session() as session:
        assert {row.revision for row in service.publications(session)} == {1}
    assert times(settings) == before


def test_publishing_again_repairs_the_tree(authority: Authority, publish: Publish, settings: Settings) -> None:
    """A file was lost from the disk."""
    draw = authority.draw()
    publish(draw.no)
    (folder(settings, draw) / "plan.json").unlink()
    publish()
    assert (folder(settings, draw) / "plan.json").is_file()


def test_unwritable_tree_leaves_a_failed_row(authority: Authority, publish: Publish, settings: Settings) -> None:
    """The draw stands, its publication does not, and both are recorded."""
    draw = authority.draw()
    settings.public.parent.mkdir(parents=True)
    settings.public.write_bytes(b"")
    with pytest.raises(OutsideFailed) as caught:
        publish(draw.no)
    with authority.session() as session:
        states = {row.state for row in service.publications(session)}
    assert (caught.value.code, states) == ("channel_failed", {"failed"})

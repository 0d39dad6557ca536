"""Files on the pages: evidence, check forms, official forms and their templates (articles 11 and 13)."""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from authority import Authority
from console import DATA, PAGE, ROOT
from inspecting import Team, team
from officials import Official, officials
from shelf import Place
from shuangsui.access.policy import Role
from shuangsui.documents.starters import starter
from shuangsui.inspections.tables import ObjectAccess
from shuangsui.ledger.tables import LedgerEntry

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63606060600000000500010d0a2db40000000049454e44ae426082"
)
FORMS = """检查表编号,检查表名称,序号,检查内容,检查方法
JN-01,节能监察检查表,1,能源计量器具,查看台账
JN-01,节能监察检查表,2,用能设备能效,核对铭牌
"""


@pytest.fixture
def one(authority: Authority) -> Team:
    """The first task of a draw, dispatched."""
    return team(authority)


def upload(official: Official, path: str, name: str, data: bytes, **fields: str) -> int:
    """A file through a form: the status of the answer."""
    answer = official.browser.post(
        f"/console{path}", data={"csrf": official.csrf, **fields}, files={"file": (name, data)}, headers=PAGE
    )
    return int(answer.status_code)


def actions(authority: Authority, start: str) -> list[str]:
    """What the ledger says was done."""
    with authority.session() as session:
        rows = session.exec(select(LedgerEntry).order_by(col(LedgerEntry.id))).all()
        return [row.act for row in rows if row.act.startswith(start)]


def test_evidence_is_taken_by_content_and_handed_out_to_be_saved(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """From the page and from a program; a text that calls itself a picture is refused; every opening is noted."""
    a, lead = enter("inspection"), enter("lead")
    path = f"/tasks/{one.no}/evidence"
    assert upload(a, path, "大门.png", PNG, note="厂区大门") == 303
    assert upload(a, path, "大门.png", b"not a picture") == 422
    assert upload(a, path, "", b"") == 422
    assert upload(lead, path, "大门.png", PNG) == 403
    rows = a.read(path)["tables"][0]["rows"]
    assert [(row["name"], row["media_type"], row["note"]) for row in rows] == [("大门.png", "image/png", "厂区大门")]
    assert 'type="file"' in a.page(path).text
    assert 'type="file"' not in lead.page(path).text
    again = a.call(path, {"file": {"name": "二.png", "data": b64encode(PNG).decode()}})
    assert (again.status_code, again.json()["sha256"]) == (200, rows[0]["sha256"])
    assert a.call(path, {"file": "x"}).json()["code"] == "upload_missing"
    with authority.session() as session:
        before = len(session.exec(select(ObjectAccess).where(ObjectAccess.actor == "lead")).all())
    got = lead.browser.get(f"/console{path}/{rows[0]['sha256']}")
    assert (got.status_code, got.content, got.headers["content-type"]) == (200, PNG, "image/png")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''%E5%A4%A7%E9%97%A8.png"
    with authority.session() as session:
        assert len(session.exec(select(ObjectAccess).where(ObjectAccess.actor == "lead")).all()) == before + 1
    assert lead.browser.get(f"/api{path}/{'0' * 64}", headers=DATA).json()["code"] == "evidence_missing"


def test_check_forms_are_imported_and_attached_on_pages(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """By the administrator; the record is opened with the form of its item."""
    admin, a = enter("zhang", Role.SYSTEM_ADMIN), enter("inspection")
    assert upload(admin, "/forms/import", "forms.csv", FORMS.encode()) == 303
    assert upload(a, "/forms/import", "forms.csv", FORMS.encode()) == 403
    broken = FORMS.replace("JN-01,节能监察检查表,2", "JN-01,另一张表,2").encode()
    answer = admin.call("/forms/import", {"file": {"name": "f.csv", "data": b64encode(broken).decode()}})
    assert (answer.status_code, [row["row"] for row in answer.json()["errors"]]) == (422, [3])
    admin.done("/forms/attach", item="JX-11", form="JN-01")
    assert [(row["code"], row["version"], row["items"]) for row in a.read("/forms")["rows"]] == [
        ("JN-01", 1, ["JX-11"])
    ]
    assert [row["no"] for row in a.read("/forms/JN-01")["points"]] == ["1", "2"]
    a.done(f"/tasks/{one.no}/accept")
    assert a.read(f"/tasks/{one.no}/record")["form"]["code"] == "JN-01"


def test_official_forms_are_printed_from_the_page_of_a_task(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """PDF, or DOCX from the template in force; the number stays; what is not ready is refused."""
    one.until("arrive")
    a, other = enter("inspection"), enter("li", Role.INSPECTOR, certificate="ZF9999")
    first = a.browser.get(f"/console/documents/notice/{one.no}")
    assert (first.status_code, first.headers["content-type"], first.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert a.browser.get(f"/console/documents/notice/{one.no}?as=docx").content[:2] == b"PK"
    issued = a.read("/documents")["tables"][0]["rows"]
    assert [(row["form"], row["subject"]) for row in issued] == [("notice", one.no)]
    page = a.page(f"/tasks/{one.no}").text
    assert f'href="/console/documents/notice/{one.no}?as=docx"' in page
    assert a.browser.get(f"/api/documents/rectification/{one.no}", headers=DATA).json()["code"] == "document_not_ready"
    assert a.browser.get(f"/api/documents/nothing/{one.no}", headers=DATA).json()["code"] == "document_unknown"
    assert other.browser.get(f"/api/documents/visit/{one.no}", headers=DATA).json()["code"] == "task_missing"


def test_an_administrator_replaces_a_template(
    authority: Authority, enter_at: Callable[..., Official], tenants: Path
) -> None:
    """Tried first and written whole; given up again, the default is back; everybody else is refused."""
    admin, a = enter_at("zhang", Role.SYSTEM_ADMIN), enter_at("inspection")
    own = tenants / "chongqing" / "documents" / "notice.docx"
    before = own.read_bytes() if own.exists() else None
    mine = starter("notice").data
    assert upload(admin, "/templates/notice/file", "x.docx", b"no template") == 422
    assert (own.read_bytes() if own.exists() else None) == before
    assert upload(a, "/templates/notice/file", "x.docx", mine) == 403
    assert upload(admin, "/templates/notice/file", "x.docx", starter("notice").data) == 303
    assert own.read_bytes() == starter("notice").data
    assert admin.browser.get("/console/templates/notice/current").content == starter("notice").data
    checked = {one["form"]: one for one in admin.read("/templates/checked")}
    assert (checked["notice"]["own"], checked["notice"]["problem"]) == (True, None)
    admin.done("/templates/notice/restore")
    assert not own.exists()
    admin.done("/templates/notice/restore")
    assert actions(authority, "document.") == ["document.template", "document.restore"]
    assert [one.name for one in own.parent.iterdir() if "notice" in one.name] == []


@pytest.fixture
def enter_at(
    authority: Authority, place: Place, monkeypatch: pytest.MonkeyPatch, tenants: Path
) -> Iterator[Callable[..., Official]]:
    """Signs an official in at an installation with that configuration."""
    with officials(authority, place.database.app, monkeypatch, tenants) as made:
        yield made


@pytest.fixture
def tenants(tmp_path: Path) -> Path:
    """Configuration of the test's own, which may be written."""
    return Path(shutil.copytree(ROOT / "tenants", tmp_path / "tenants"))

"""检验、检测、鉴定 at the console, on the page of the decision (R14.4)."""

from __future__ import annotations

import base64
from collections.abc import Callable

from authority import Authority
from inspecting import team
from officials import Official
from shuangsui import db
from shuangsui.draws.freezing import legal_day
from shuangsui.inspections import evidence
from shuangsui.inspections.evidence_store import Folder

REPORT = b"%PDF-1.7 report"


def test_r14_4_what_is_being_tested_waits_for_its_report(authority: Authority, enter: Callable[..., Official]) -> None:
    """Commissioned on evidence: the clock stands and nothing can be decided; the report starts a fresh one."""
    one = team(authority).whole()
    with authority.session() as session:
        store = Folder(authority.folder / "evidence")
        letter_of = evidence.add(session, store, one.no, b"%PDF-1.7 letter", "委托书.pdf", actor="inspection").sha256
        today = legal_day(db.now(session)).isoformat()
    officer, lead, path = enter("inspection"), enter("lead"), f"/rulings/{one.no}"
    letter = {"institution": "某市质量检测院", "commissioned": today, "expected": "2026-07-01"}
    assert "commission" in officer.offers(path)
    assert officer.refused(f"{path}/commission", **letter, evidence=["0" * 64])[0] in (404, 422)
    officer.done(f"{path}/commission", **letter, evidence=[letter_of])
    shown = lead.read(path)
    assert (shown["due"], shown["acts"]) == (None, ["arrive"])
    assert "等待检验检测鉴定报告" in lead.page(path).text
    report = {"name": "检测报告.pdf", "data": base64.b64encode(REPORT).decode()}
    answer = officer.call(f"{path}/arrive", {"reported": today, "file": report})
    assert (answer.status_code, answer.json()["since"]) == (200, "reported")
    shown = lead.read(path)
    assert (shown["due"], shown["acts"]) == ("2026-07-14", ["publish", "withhold"])

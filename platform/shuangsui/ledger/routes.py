"""The ledger on a page: whether it verifies, and its newest entries."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from shuangsui.errors import NotFound
from shuangsui.ledger import service, witness_routes
from shuangsui.ledger.service import LedgerReport
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.said import named, say
from shuangsui.texts import act_title

TAIL = 200
CHAINS = {"ledger": "台账", "drawlog": "抽取日志", "checkpoint": "检查点"}
COLUMNS = {"n": "序号", "time": "时间", "actor": "办理人", "what": "行为", "subject": "对象"}
FAULTS = {"chain_name": "链", "at": "序号", "what": "位置"}
ENTRY = {"n": "序号", "time": "时间", "actor": "办理人", "act": "行为", "subject": "对象", "payload": "内容",
         "drawlog": "抽取日志条目", "prev": "前一条的摘要", "hash": "摘要"}  # fmt: skip


def load(here: Here) -> Detail:
    """Both chains and the checkpoints verified now; the newest entries with their hashes."""
    report = service.verify(here.session)
    facts = {
        "台账": say("{n} 条", n=report.ledger), "抽取日志": say("{n} 条", n=report.drawlog),
        "检查点": say("{n} 个", n=report.checkpoints),
        "核对结果": say("发现 {n} 处改动", n=len(report.faults)) if report.faults else "未发现改动",
    }  # fmt: skip
    tail = Table(COLUMNS, _tail(here), "/ledger/{n}", title=say("最近 {tail} 条", tail=TAIL))
    tables = [_faults(report), tail] if report.faults else [tail]
    return Detail("台账", facts, tables, data={"intact": not report.faults})


def load_one(here: Here) -> Detail:
    """One entry with everything its hash covers."""
    text = here.path["n"]
    n = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    row = here.session.exec(select(LedgerEntry).where(LedgerEntry.n == n)).one_or_none()
    if row is None:
        raise NotFound("ledger_entry_missing", n=text)
    facts = {title: getattr(row, name) or "" for name, title in ENTRY.items()}
    return Detail(say("台账第 {n} 条", n=row.n), facts | {"行为": named(act_title(row.act), row.act)})


def _faults(report: LedgerReport) -> Table:
    rows = [{"chain": one.chain, "chain_name": CHAINS[one.chain], "at": one.at, "what": one.what}
            for one in report.faults]  # fmt: skip
    return Table(FAULTS, rows, title="改动")


def _tail(here: Here) -> list[dict[str, Any]]:
    query = select(LedgerEntry).order_by(col(LedgerEntry.n).desc()).limit(TAIL)
    return [_row(row) for row in here.session.exec(query)]


def _row(row: LedgerEntry) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in ("n", "time", "actor", "act", "subject", "hash")}
    return {**kept, "what": act_title(row.act)}


VIEWS = [
    view("/ledger", verb="read_audit", load=load, title="台账", menu="管理"),
    view("/ledger/{n:str}", verb="read_audit", load=load_one, title="台账条目"),
]
HANDLERS = witness_routes.HANDLERS

"""行政处罚 and 行政许可 as rows of 双公示 (data-standards 6.1, 6.3), every column a text.

Columns for certificates of identity stay empty whatever anybody knows: the schema allows nothing in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from shuangsui import ContentRefused, DecisionContent, Disclosed
from shuangsui_exporter_credit_china.workbook import Table
from shuangsui_exporter_kit import Form, document, require_code

SCHEMA = document(__package__, "decisions.schema.json")
STATUS: Mapping[str, str] = document(__package__, "status.json")
_FORMS = {"penalty": Form(SCHEMA, "penalty"), "licence": Form(SCHEMA, "licence")}


def _table(kind: str, code: str) -> Table:
    form = SCHEMA["$defs"][kind]
    return Table(code, form["title"], {name: part["title"] for name, part in form["properties"].items()})


TABLES: Mapping[str, Table] = {"penalty": _table("penalty", "XZCF"), "licence": _table("licence", "XZXK")}


def row(item: Disclosed, decision: DecisionContent) -> dict[str, str]:
    """The row, with every column of its table in its order; else :class:`ContentRefused`."""
    if decision.kind not in TABLES:
        raise ContentRefused("决定种类（kind）", "只能是行政处罚或者行政许可")
    titles = TABLES[decision.kind].columns
    for name, code in _codes(decision).items():
        require_code(code, f"{titles[name]}（{name}）")
    known = _penalty(item, decision) if decision.kind == "penalty" else _licence(item, decision)
    found = {**dict.fromkeys(titles, ""), **known}
    _FORMS[decision.kind].check(found)
    return found


def _codes(decision: DecisionContent) -> dict[str, str]:
    """The columns that hold a unified social credit code."""
    owners = (decision.object.code if decision.object.is_uscc else "", decision.maker_code, decision.source_code)
    if decision.kind == "penalty":
        return dict(zip(("CF_XDR_SHXYM", "CF_CFJGDM", "CF_SJLYDM"), owners, strict=True))
    return dict(zip(("XK_XDR_SHXYM", "XK_XKJGDM", "XK_LYDWDM"), owners, strict=True))


def _penalty(item: Disclosed, decision: DecisionContent) -> dict[str, str]:
    return {
        **_codes(decision),
        "CF_XDR_MC": decision.object.name,
        "CF_XDR_LB": _class(decision),
        "CF_WSH": decision.number,
        "CF_WFXW": decision.violation,
        "CF_SY": decision.facts,
        "CF_YJ": decision.basis,
        "CF_CFLB": decision.category,
        "CF_NR": decision.content,
        "CF_NR_FK": _amount(decision.fine),
        "CF_NR_WFFF": _amount(decision.confiscated),
        "CF_NR_ZKDX": decision.revoked,
        "CF_JDRQ": _day(decision.decided_on),
        "CF_YXQ": _day(decision.valid_until),
        "CF_GSJZQ": _day(item.until),
        "CF_CFJG": decision.maker,
        "CF_SJLY": decision.source,
        "BZ": decision.remark,
    }


def _licence(item: Disclosed, decision: DecisionContent) -> dict[str, str]:
    return {
        **_codes(decision),
        "XK_WSH": decision.number,
        "XK_XMMC": decision.name,
        "XK_SPLB": decision.category,
        "XK_XKZS": decision.certificate,
        "XK_NR": decision.content,
        "XK_XDR": decision.object.name,
        "XK_XDR_LB": _class(decision),
        "XK_JDRQ": _day(decision.decided_on),
        "XK_YXQZ": _day(decision.decided_on),
        "XK_JZQ": _day(decision.valid_until),
        "XK_XZJG": decision.maker,
        "XK_XKJG": decision.maker,
        "XK_ZT": STATUS[item.action],
        "XK_LYDW": decision.source,
        "DFBM": item.authority.area,
        "SJC": _day(item.published_on),
        "BZ": decision.remark,
    }


def _class(decision: DecisionContent) -> str:
    return "个体工商户" if decision.object.sole_owner else "法人及非法人组织"


def _day(day: date | None) -> str:
    return f"{day:%Y/%m/%d}" if day else ""


def _amount(amount: Decimal | None) -> str:
    """万元, without an exponent and without zeros at the end."""
    if amount is None:
        return ""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

"""The columns of 行政检查行为 (data-standards 7), every one a text; those that need no value may be empty.

The column 监管对象类型 is left out, since its name is not known. Addresses of sole owners are left out as well: they
may be homes. 相对人编码 may be an identity number by the standard, for natural persons. Those are no
inspection objects, so it is a unified social credit code here, and an identity number is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from shuangsui import ContentRefused, Disclosed, DisclosedOfficer, ResultContent
from shuangsui_exporter_kit import beijing, document, require_code
from shuangsui_exporter_supervision.dictionaries import Dictionaries

SCHEMA = document(__package__, "check-action.schema.json")
OPERATIONS = {"publish": "i", "correct": "u", "withdraw": "d"}
CODES = ("supervision", "supervision-checklist")
"""Under which names the list of items keeps 监管事项目录编码 and 检查实施清单编码."""

ENUMERATED = ("administrative_cp_na", "administrative_cp_ce_type", "check_form", "check_type", "check_mode")
_TIME = "%Y-%m-%d %H:%M:%S"


def schema_of(dictionaries: Dictionaries) -> Mapping[str, Any]:
    """The shipped schema, with what each dictionary allows."""
    allowed = {column: sorted(set(getattr(dictionaries, column).values())) for column in ENUMERATED}
    allowed["area_number"] = sorted(dictionaries.area_number)
    columns = {
        name: {**rule, "enum": allowed[name]} if name in allowed else rule
        for name, rule in SCHEMA["properties"].items()
    }
    return {**SCHEMA, "properties": columns}


def row(
    item: Disclosed,
    result: ResultContent,
    items: Mapping[str, tuple[str, str]],
    dictionaries: Dictionaries,
) -> dict[str, str]:
    """Every column of the check itself, in the order of the table."""
    authority, target = item.authority, result.object
    institution = _institution(authority.code)
    implement, checklist = _codes(result, items, institution)
    ended = beijing(result.ended_at)

    def value(column: str, word: str) -> str:
        return dictionaries.value(column, word, _field(column))

    return {
        "record_unique_identity": item.external_id,
        "plan_id": result.plan_id,
        "supervise_item_implement_code": implement,
        "supervise_item_check_icode": checklist,
        "check_action_name": result.task_name,
        "check_action_code": result.task_no,
        "implement_institution": authority.name,
        "implement_institution_code": institution,
        "entrust_dept": "",
        "entrust_dept_code": "",
        "supervise_object": target.name,
        "administrative_cp": target.name,
        "administrative_cp_na": value("administrative_cp_na", "sole_owner" if target.sole_owner else "organisation"),
        "administrative_cp_ce_type": value("administrative_cp_ce_type", "uscc"),
        "administrative_cp_ui_code": require_code(target.code, _field("administrative_cp_ui_code")),
        "address_registered": "" if target.sole_owner else target.address,
        "address_operating": "",
        "area_number": target.area or authority.area,
        "check_form": value("check_form", result.mode),
        "check_type": value("check_type", result.type),
        "check_mode": value("check_mode", result.mode),
        "check_result": "；".join(dict.fromkeys(value("check_result", one.category) for one in result.findings)),
        "check_date": f"{ended:{_TIME}}",
        "check_personnel": _array("check_personnel", (one.name for one in result.officers)),
        "check_personnel_code": _certificates(result.officers),
        "submitted_date": _submitted(item, ended),
        "submitted_personnel": "",
    }


def exchange(item: Disclosed, department: str) -> dict[str, str]:
    """The fields of the exchange; the batch is the day with how manyeth revision this is, from 00001."""
    day = item.published_on
    return {
        "cd_id": f"{department}{item.external_id}",
        "cd_time": f"{datetime.combine(day, time()):{_TIME}}",
        "cd_source": f"{item.authority.area}{department}",
        "cd_batch": f"{day:%Y%m%d}{item.revision:05d}",
        "cd_operation": OPERATIONS[item.action],
    }


def _codes(result: ResultContent, items: Mapping[str, tuple[str, str]], institution: str) -> tuple[str, str]:
    """Both codes of the item; the second begins with the code of the institution that checks."""
    known = tuple(result.item.codes.get(name, "") for name in CODES)
    implement, checklist = items.get(result.item.code, known)
    if checklist and not checklist.startswith(institution):
        raise ContentRefused(_field("supervise_item_check_icode"), "前 18 位不是实施机构的统一社会信用代码")
    return implement, checklist


def _submitted(item: Disclosed, ended: datetime) -> str:
    """Midnight of the day of publication, if the check is earlier; a check of the same day has no later time yet."""
    if item.published_on < ended.date():
        raise ContentRefused(_field("submitted_date"), "早于检查时间")
    return f"{datetime.combine(item.published_on, time()):{_TIME}}" if item.published_on > ended.date() else ""


def _array(column: str, texts: Iterable[str]) -> str:
    """A JSON array as text; one blank in it would shift names against certificates."""
    found = list(texts)
    if not found or not all(text.strip() for text in found):
        raise ContentRefused(_field(column), "没有填写")
    return json.dumps(found, ensure_ascii=False)


def _certificates(officers: Sequence[DisclosedOfficer]) -> str:
    """Nothing where none is public; some of them alone would stand against the wrong names."""
    numbers = [one.certificate for one in officers]
    return _array("check_personnel_code", numbers) if any(number.strip() for number in numbers) else ""


def _institution(code: str) -> str:
    """The column may be empty, but never wrong."""
    return require_code(code, _field("implement_institution_code")) if code else ""


def _field(column: str) -> str:
    return f"{SCHEMA['properties'][column]['title']}（{column}）"

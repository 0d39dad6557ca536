"""What is disclosed, made from the rows as they are now, and kept as JSON that never changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.disclosed import (
    KINDS,
    Authority,
    Content,
    Disclosed,
    DisclosedFinding,
    DisclosedItem,
    DisclosedObject,
    DisclosedOfficer,
    ResultContent,
    RoundContent,
)
from shuangsui.disclosure.tables import Disclosure
from shuangsui.draws import transcripts
from shuangsui.draws.office import ItemFacts, Office, facts_of, find
from shuangsui.draws.tables import Draw
from shuangsui.errors import ContentRefused
from shuangsui.inspections import followup
from shuangsui.inspections.items import item_of
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.inspections.states import DISPOSITIONS, TASK_TYPES
from shuangsui.inspections.tables import InspectionResult, InspectionTask
from shuangsui.inspections.tasks import all_tasks
from shuangsui.planning.policy import ratios_in_words
from shuangsui.planning.service import published_line
from shuangsui.privacy.dwellings import is_sole_owner_code, masked_address
from shuangsui.registry.tables import InspectionObject, Inspector

GIVEN = "给定的全部检查对象"
"""The ratio of a draw of people only."""
METHOD = "随机抽取检查对象，随机选派执法检查人员"


def encoded(content: Content) -> dict[str, Any]:
    """The stored form."""
    found: dict[str, Any] = TypeAdapter(type(content)).dump_python(content, mode="json")
    return found


def content_of(row: Disclosure) -> Content:
    """The value that a row keeps."""
    found: Content = _adapter(row.kind).validate_python(row.content)
    return found


def disclosed(office: Office, row: Disclosure) -> Disclosed:
    """A revision as receivers get it."""
    return Disclosed(
        authority_of(office, row.published_on), row.key, row.revision, row.action.value, content_of(row),
        row.published_on, row.until, row.note,
    )  # fmt: skip


def require_complete(content: Content) -> None:
    """R14.6: how it was drawn, with every part of it, or what was found; :class:`ContentRefused` names what lacks."""
    if isinstance(content, RoundContent):
        parts = {"抽查计划": content.plan_name, "抽查比例": content.ratio, "抽查方式": content.method,
                 "名录库对象数": content.eligible, "抽取对象数": content.drawn}  # fmt: skip
    elif isinstance(content, ResultContent):
        parts = {"检查对象": content.object.name, "抽查事项": content.item.name, "抽查结果": content.findings}
    else:
        return
    for name, value in parts.items():
        if not value:
            raise ContentRefused(name, "没有填写，公开内容不完整")


def authority_of(office: Office, on: date) -> Authority:
    """The authority as its ``tenant.toml`` says; what that leaves out is empty, and refused by who needs it."""
    tenant = office.tenant
    areas = [one.code for one in tenant.areas if one.valid_from <= on.year <= (one.valid_to or on.year)]
    return Authority(tenant.slug, tenant.name, tenant.credit_code, areas[0] if areas else "")


def round_content(session: TenantSession, office: Office, draw: Draw, on: date, address: str) -> RoundContent:
    """抽查情况 (R14.6): plan, ratio, numbers, method."""
    view = transcripts.public_view(session, draw)
    plan_id, plan_name, ratio, directed = _plan(session, office, draw, on)
    return RoundContent(
        plan_id, plan_name, draw.no, _item(facts_of(session, draw)), METHOD, ratio,
        eligible=sum(one["eligible"] for one in view["strata"]), drawn=sum(one["quota"] for one in view["strata"]),
        inspected=sum(1 for task in all_tasks(session, draw.no) if task.ended_at),
        drawn_on=date.fromisoformat(view["times"]["RESULT"][:10]), directed=directed,
        transcript=f"{address}/{office.tenant.slug}/draws/{draw.no}/" if address else "",
    )  # fmt: skip


def result_content(
    session: TenantSession, office: Office, task: InspectionTask, result: InspectionResult, on: date, follows: str
) -> ResultContent:
    """抽查结果 of one object (R14.6); ``follows``: key of the earlier result of the task."""
    assert task.draw_no
    draw = find(session, task.draw_no)
    plan_id, plan_name, _, directed = _plan(session, office, draw, on)
    ended = result.recorded_at if result.n > 1 else task.ended_at or result.recorded_at
    return ResultContent(
        plan_id, plan_name, draw.no, task.no, f"{task.item_name}（{TASK_TYPES[task.type]}）", task.type.value,
        task.mode.value, _object(session, task), _item(item_of(session, task)), tuple(_findings(result)),
        "、".join(_dispositions(session, task)), ended, tuple(_officers(session, office, result.team, on)),
        directed, follows,
    )  # fmt: skip


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[kind])


def _plan(session: TenantSession, office: Office, draw: Draw, on: date) -> tuple[str, str, str, bool]:
    """Number (area, year, line: data-standards 5.1), name, ratio, and whether it is 定向."""
    head = f"{authority_of(office, on).area}{draw.year}"
    if draw.line_no is None:
        return f"{head}{draw.no}", draw.item_name, GIVEN, False
    line = published_line(session, draw.year, draw.line_no)
    directed = bool(line.terms.get("districts") or line.terms.get("industries"))
    return f"{head}{draw.line_no:04d}", f"{draw.year}年度抽查工作计划", _ratio(line.terms), directed


def _ratio(terms: Mapping[str, Any]) -> str:
    return ratios_in_words(terms["ratios"])


def _item(facts: ItemFacts) -> DisclosedItem:
    return DisclosedItem(facts.code, facts.name, facts.grounds)


def _object(session: TenantSession, task: InspectionTask) -> DisclosedObject:
    """With the address of the registry; a sole owner's ends before the number of the house (context 2.9)."""
    known = session.exec(select(InspectionObject).where(InspectionObject.code == task.object_code)).one_or_none()
    address = (known.address if known else "") or ""
    sole = is_sole_owner_code(task.object_code)
    return DisclosedObject(
        task.object_code, task.object_name, is_uscc=len(task.object_code) == 18, sole_owner=sole,
        address=masked_address(address) if sole else address,
    )  # fmt: skip


def _findings(result: InspectionResult) -> Iterator[DisclosedFinding]:
    """Every category, a department's own codes in the place of the category above them."""
    for category in result.categories:
        own = [code for code in result.codes if code["parent"] == category]
        yield from (DisclosedFinding(category, code["text"], code["code"]) for code in own)
        if not own:
            yield DisclosedFinding(category, CATEGORIES[category])


def _dispositions(session: TenantSession, task: InspectionTask) -> list[str]:
    found = [one.disposition for one in followup.findings_of(session, task) if one.disposition]
    return [DISPOSITIONS[one] for one in dict.fromkeys(found)]


def _officers(session: TenantSession, office: Office, team: Sequence[str], on: date) -> Iterator[DisclosedOfficer]:
    """Those who inspected, with what the rules let be published of them."""
    fields = office.rules(on).names("publication.officer_fields")
    query = select(Inspector).where(col(Inspector.cert_no).in_([one for one in team if one]))
    names = {row.cert_no: row.name for row in session.exec(query)}
    for number in team:
        if number:
            name = names.get(number, "") if "name" in fields else ""
            yield DisclosedOfficer(name, number if "certificate" in fields else "")

"""The block's own form of a draw and of a result (data-standards 5); the spelling raninsPlaneName is the system's.

The system's task is one for all the objects of a draw, so its number is that of the draw and its name that of the
item, with the draw and with every result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shuangsui import ContentRefused, Disclosed, DisclosedFinding, Health, Package, Receipt, ResultContent, RoundContent
from shuangsui_exporter_kit import Endpoint, Form, beijing, document, json_package, require_code

TITLE = "国家企业信用信息公示系统"
SCHEMA = document(__package__, "gsxt.schema.json")
_TABLE = document(__package__, "result-codes.json")
WORDING: Mapping[str, str] = _TABLE["wording"]
CATEGORIES: Mapping[str, str] = _TABLE["categories"]
DEPARTMENTS: Mapping[str, str] = _TABLE["departments"]
RANDOM = ("random", "joint")
"""Only what was drawn may stand in the double-random block (R2.1)."""

_ROUND, _RESULT = Form(SCHEMA, "round"), Form(SCHEMA, "result")


def codes_of(own: Iterable[str]) -> Mapping[str, str]:
    """A department's result codes → the system's: the shipped ones, and ``own`` as the options write them."""
    pairs = (text.partition("=") for text in own)
    return {**DEPARTMENTS, **{name.strip(): code.strip() for name, _, code in pairs}}


@dataclass(frozen=True, slots=True)
class Gsxt:
    """``codes``: see :func:`codes_of`; a code that is not among them goes by its category. ``coded``: whether each
    result has its code beside its wording, for receivers that ask for it (data-standards 5.1 does not).
    """

    endpoint: Endpoint
    codes: Mapping[str, str]
    coded: bool = False
    name: str = "gsxt"
    kinds: tuple[str, ...] = ("round", "result")
    duty: str = "credit"

    @property
    def schema(self) -> Mapping[str, Any]:
        """Of both kinds."""
        return SCHEMA

    def takes(self, item: Disclosed) -> bool:
        """Rounds, and results of what was drawn."""
        return not isinstance(item.content, ResultContent) or item.content.type in RANDOM

    def convert(self, item: Disclosed) -> Package:
        """Its row, valid by the schema; else :class:`ContentRefused`."""
        content = item.content
        if isinstance(content, RoundContent):
            row, form = _plan(item, content.plan_id, content.plan_name, content.draw_no, content.item.name), _ROUND
            row |= {"raninsTypeName": _type(content)}
        elif isinstance(content, ResultContent):
            row, form = self._result(item, content), _RESULT
        else:
            raise ContentRefused("材料种类", f"{TITLE}只收抽查情况和抽查结果")
        form.check(row)
        return json_package(item, row)

    def _result(self, item: Disclosed, content: ResultContent) -> dict[str, Any]:
        if content.type not in RANDOM:
            raise ContentRefused("检查类型（type）", "不是随机抽取的，不得报送到双随机抽查一栏")
        row = _plan(item, content.plan_id, content.plan_name, content.draw_no, content.item.name)
        return row | {
            "raninsTypeName": _type(content),
            "insDate": beijing(content.ended_at).date().isoformat(),
            "pripId": require_code(content.object.code, "主体代码（pripId）"),
            "details": [self._detail(n, content, one) for n, one in enumerate(content.findings, 1)],
        }

    def _detail(self, number: int, content: ResultContent, finding: DisclosedFinding) -> dict[str, Any]:
        code = self.codes.get(finding.code) or CATEGORIES.get(finding.category)
        if code is None:
            raise ContentRefused(f"抽查结果第 {number} 项（raninsCheckResName）", "的类别不在代码表里")
        coded = {"raninsCheckRes": code} if self.coded else {}
        return {"seqno": number, "raninsItemName": content.item.name, **coded, "raninsCheckResName": WORDING[code]}

    def send(self, package: Package) -> Receipt:
        """Hand it over."""
        return self.endpoint.send(package)

    def read_back(self, package: Package) -> Receipt:
        """What the system shows for it now."""
        return self.endpoint.read_back(package)

    def check(self) -> Health:
        """Whether the system lives and takes the token."""
        return self.endpoint.check()


def _plan(item: Disclosed, plan_id: str, plan_name: str, task_id: str, task_name: str) -> dict[str, Any]:
    return {
        "raninsPlanId": plan_id,
        "raninsPlaneName": plan_name,
        "raninsTaskId": task_id,
        "raninsTaskName": task_name,
        "insAuth": item.authority.name,
    }


def _type(content: RoundContent | ResultContent) -> str:
    return "定向" if content.directed else "不定向"

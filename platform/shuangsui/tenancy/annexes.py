"""What ``caps.toml`` and ``exemptions.toml`` may hold, and how a folder's entries join those of the folder above.

Both files are inherited entry by entry. The measures of the authority above do not bind a district (R17.1), but a
district that exempts from more than they do says by which document of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, Field, Strict

from shuangsui.errors import Misconfigured
from shuangsui.said import say
from shuangsui.tenancy.document import Document, read
from shuangsui.tenancy.schema import File, Many, Name, Text, bad

Trigger = Literal["complaint", "superior", "transfer", "ministry", "municipal", "ground"]
CaseMode = Literal["special", "dragnet", "clue", "instant"]
Skip = Literal["object_draw", "inspector_draw", "once_a_year", "plan", "publication_clock"]
EvidenceField = Literal["number", "source", "received_on", "summary", "ground", "deployment"]

TRIGGERS: Mapping[str, str] = {
    "complaint": "群众投诉举报", "superior": "上级机关交办", "transfer": "其他部门移送",
    "ministry": "工业和信息化部特别规定", "municipal": "市政府特别规定", "ground": "即时检查的法定情形",
}  # fmt: skip
MODES: Mapping[str, str] = {
    "special": "专项检查", "dragnet": "拉网式检查", "clue": "线索核查", "instant": "即时检查",
}  # fmt: skip
SKIPS: Mapping[str, str] = {
    "object_draw": "抽取检查对象", "inspector_draw": "抽取执法检查人员", "once_a_year": "年度次数",
    "plan": "年度计划", "publication_clock": "公开期限",
}  # fmt: skip
EVIDENCE: Mapping[str, str] = {
    "number": "编号（文号）", "source": "来源", "received_on": "收到日期", "summary": "内容摘要", "ground": "情形",
    "deployment": "上级部署文件文号",
}  # fmt: skip

E = TypeVar("E", bound=File)


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) < len(values):
        raise bad("同一项写了两次")
    return values


def _named(table: Mapping[str, str]) -> str:
    return "、".join(f"{key} {name}" for key, name in table.items())


class CapEntry(File):
    """One ``[[cap]]``: how often a year this authority may visit one enterprise (R10.2, the ledger by visit date)."""

    item: Text | None = Field(None, title="文字", description="只限这个事项编号；不能与 family 同时写")
    family: Text | None = Field(None, title="文字", description="只限这个事项族；都不写表示对同一企业的全部检查")
    risk_class: Literal["A", "B", "C", "D"] | None = Field(
        None, title="A、B、C、D 之一", description="只限这一信用风险类别；比不写类别的优先"
    )
    per_year: Annotated[int, Field(ge=1, le=366)] = Field(
        title="整数", description="同一企业每年（按检查日期）最多几次"
    )
    rechecks: bool = Field(False, title="true 或 false", description="整改复查是否计入；不写表示不计入，只作标记")
    basis: Text = Field(title="文字", description="公布上限的文件")
    published_on: date = Field(title="日期", description="公布日期，自该日起执行")

    @property
    def scope(self) -> tuple[str | None, str | None, str | None]:
        """What tells two entries apart."""
        return self.item, self.family, self.risk_class


class CapsFile(File):
    """``caps.toml``."""

    cap: Many[CapEntry] = ()


class ExemptionEntry(File):
    """One ``[[exemption]]``: an inspection outside the draw (article 17), its proof and what it is freed of."""

    code: Name = Field(title="名称", description="代码，本机关内唯一；区县写同一代码即代替上级的这一条")
    name: Text = Field(title="文字", description="名称")
    trigger: Trigger = Field(title="择一", description=say("起因：{named}", named=_named(TRIGGERS)))
    mode: CaseMode = Field(title="择一", description=say("方式：{named}", named=_named(MODES)))
    authority: Text = Field(title="文字", description="依据的文号和条款")
    evidence: Annotated[tuple[EvidenceField, ...], Strict(False), AfterValidator(_once)] = Field(
        title="列表", description=say("申请时必须写明的证据：{named}；除即时检查外须有 number", named=_named(EVIDENCE))
    )
    skips: Annotated[tuple[Skip, ...], Strict(False), AfterValidator(_once)] = Field(
        title="列表", description=say("不适用的环节：{named}", named=_named(SKIPS))
    )
    unlimited: bool = Field(False, title="true 或 false", description="不受检查频次上限的限制，也不计入上限")
    own_basis: Text | None = Field(
        None, title="文号", description="本级文件的文号；免除的环节比上级多，或上级没有这一条时，必须写明"
    )


class ExemptionsFile(File):
    """``exemptions.toml``."""

    exemption: Many[ExemptionEntry] = ()


@dataclass(frozen=True, slots=True)
class Placed(Generic[E]):
    """One entry and where it stands."""

    entry: E
    file: str
    line: int


def caps(document: Document) -> tuple[Placed[CapEntry], ...]:
    """The entries of a ``caps.toml``; two of the same scope are a :class:`Misconfigured`."""
    found = _placed(document, "cap", read(document, CapsFile).cap)
    for index, later in enumerate(found):
        if later.entry.item and later.entry.family:
            raise document.fault("value_invalid", ("cap", index, "family"), "item 和 family 只能写一个")
        if earlier := next((one for one in found[:index] if one.entry.scope == later.entry.scope), None):
            raise document.fault("value_invalid", ("cap", index), say("与第 {line} 行的范围相同", line=earlier.line))
    return found


def inherit_caps(above: Sequence[Placed[CapEntry]], own: Sequence[Placed[CapEntry]]) -> tuple[Placed[CapEntry], ...]:
    """What is in force: an own entry takes the place of the inherited one of the same scope."""
    scopes = {one.entry.scope for one in own}
    return (*(one for one in above if one.entry.scope not in scopes), *own)


def exemptions(document: Document) -> tuple[Placed[ExemptionEntry], ...]:
    """The entries of an ``exemptions.toml``, each provable; a code stands once."""
    found = _placed(document, "exemption", read(document, ExemptionsFile).exemption)
    for index, later in enumerate(found):
        if later.entry.mode != "instant" and "number" not in later.entry.evidence:
            raise document.fault("value_invalid", ("exemption", index, "evidence"), "除即时检查外，证据须有 number")
        if earlier := next((one for one in found[:index] if one.entry.code == later.entry.code), None):
            raise document.fault(
                "value_invalid", ("exemption", index, "code"), say("与第 {line} 行的代码相同", line=earlier.line)
            )
    return found


def inherit_exemptions(
    above: Sequence[Placed[ExemptionEntry]], own: Sequence[Placed[ExemptionEntry]]
) -> tuple[Placed[ExemptionEntry], ...]:
    """What is in force below ``above``; an own entry without own basis may only free of less and ask for more."""
    inherited = {one.entry.code: one.entry for one in above}
    for one in own if above else ():
        if one.entry.own_basis is None and (problem := _loosened(one.entry, inherited.get(one.entry.code))):
            raise Misconfigured(
                "exemption_loosened", file=one.file, line=one.line, key=f"exemption.{one.entry.code}", problem=problem
            )
    codes = {one.entry.code for one in own}
    return (*(one for one in above if one.entry.code not in codes), *own)


def _loosened(entry: ExemptionEntry, bound: ExemptionEntry | None) -> str | None:
    if bound is None:
        return "上级没有这一条"
    if (entry.trigger, entry.mode) != (bound.trigger, bound.mode):
        return "起因或方式与上级的这一条不同"
    if more := set(entry.skips) - set(bound.skips):
        return say("免除的环节比上级多（{listed}）", listed="、".join(sorted(more)))
    if missing := set(bound.evidence) - set(entry.evidence):
        return say("缺少上级要求的证据（{listed}）", listed="、".join(sorted(missing)))
    return "上级的这一条受频次上限限制" if entry.unlimited and not bound.unlimited else None


def _placed(document: Document, table: str, entries: Sequence[E]) -> tuple[Placed[E], ...]:
    return tuple(Placed(one, document.file, document.line((table, index))) for index, one in enumerate(entries))

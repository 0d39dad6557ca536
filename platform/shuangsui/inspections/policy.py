"""What a task, a record and a result may say, and which step may follow which; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from shuangsui.contracts import ResultCode
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.inspections.states import MODES, Answer, Mode, TaskState
from shuangsui.said import listed

CATEGORIES: Mapping[str, str] = {
    "no_problem": "未发现问题",
    "not_disclosed": "未按规定公示应当公示的信息",
    "false_disclosure": "公示信息隐瞒真实情况、弄虚作假",
    "cannot_contact": "通过登记的住所（经营场所）无法联系",
    "corrected": "发现问题经责令已改正",
    "obstructed": "不配合检查情节严重",
    "no_activity": "未发现开展本次抽查涉及的（生产）经营活动",
    "pending": "发现问题待后续处理",
    "gone_closed": "已关闭停业或正在组织清算",
    "gone_deregistered": "注销",
    "gone_revoked": "被吊销",
    "gone_annulled": "被撤销",
    "gone_moved": "迁出",
}
"""Our own stable codes: the eight results of the double-random block and the five that say the object is gone
(data-standards 5.2); channels map them."""

NOTICE_PARTS: Mapping[str, str] = {
    "basis": "检查依据", "content": "检查内容", "officers": "执法检查人员", "rights": "权利", "discipline": "检查纪律",
    "frequency": "检查频次", "planned": "检查时间", "materials": "需要准备的材料",
}  # fmt: skip
"""What the rule ``notice.contents`` may demand of a notice."""

FINDINGS = ("not_disclosed", "false_disclosure", "corrected", "pending", "obstructed")
"""Categories that fit points not in order."""

MOVES: Mapping[str, tuple[tuple[TaskState, ...], TaskState]] = {
    "accept": ((TaskState.DISPATCHED,), TaskState.ACCEPTED),
    "hand_back": ((TaskState.DISPATCHED, TaskState.ACCEPTED), TaskState.HANDED_BACK),
    "dispatch_again": ((TaskState.HANDED_BACK,), TaskState.DISPATCHED),
    "cancel": ((TaskState.DISPATCHED, TaskState.ACCEPTED, TaskState.HANDED_BACK), TaskState.CANCELLED),
    "begin": ((TaskState.ACCEPTED, TaskState.UNDERWAY), TaskState.UNDERWAY),
    "end": ((TaskState.ACCEPTED, TaskState.UNDERWAY), TaskState.ENDED),
    "close": ((TaskState.ENDED,), TaskState.CLOSED),
}
"""Step → the states from which it may be taken, and the state to which it leads."""


def choose_mode(possible: Sequence[str], chosen: Mode | None, reason: str, *, justify: bool) -> Mode:
    """The mode of a task; without a choice the first that needs no visit, because visits are the last resort.

    :class:`BadInput` ``mode_not_of_item``; :class:`RuleRefused` ``onsite_unjustified`` (R12.2).
    """
    modes = [Mode(name) for name in possible] or [Mode.ONSITE]
    mode = chosen or next((one for one in modes if one is not Mode.ONSITE), Mode.ONSITE)
    if mode not in modes:
        raise BadInput("mode_not_of_item", mode=MODES[mode], modes=listed(MODES[one] for one in modes))
    if mode is Mode.ONSITE and len(modes) > 1 and justify and not reason.strip():
        raise RuleRefused("onsite_unjustified", article="第十二条")
    return mode


def check_notice(task: str, said: Mapping[str, object], wanted: Sequence[str], article: str) -> None:
    """``said``: what the notice has of each of :data:`NOTICE_PARTS`. :class:`RuleRefused` ``notice_incomplete``."""
    missing = listed(NOTICE_PARTS[name] for name in wanted if not said[name])
    if missing:
        raise RuleRefused("notice_incomplete", article=article, task=task, missing=missing)


def check_categories(categories: Sequence[str], codes: Iterable[ResultCode]) -> None:
    """Refuse unknown or contradictory categories, and a department's codes without their category."""
    if unknown := [c for c in categories if c not in CATEGORIES]:
        known = "、".join(f"{code} {name}" for code, name in CATEGORIES.items())
        raise BadInput("category_unknown", category="、".join(unknown), known=known)
    if not categories or (len(categories) > 1 and "no_problem" in categories):
        raise BadInput("category_conflict")
    for code in codes:
        if code.parent not in categories:
            raise BadInput("result_code_loose", department=code.code, category=CATEGORIES[code.parent])


def check_answers(points: Sequence[Mapping[str, Any]], answers: Mapping[str, Mapping[str, str]]) -> None:
    """Every point has an answer, and what is not in order has its facts; ``point_unanswered``, ``facts_missing``."""
    for point in points:
        answer = answers.get(str(point["no"]), {})
        if answer.get("answer") not in list(Answer):
            raise RuleRefused("point_unanswered", article="第十三条", point=point["no"])
        if answer["answer"] == Answer.NO and not answer.get("facts", "").strip():
            raise RuleRefused("facts_missing", article="第十三条", point=point["no"])


def check_fits(categories: Iterable[str], answers: Mapping[str, Mapping[str, str]]) -> None:
    """The result says what the record says; ``category_contradicts``."""
    wrong = any(answer.get("answer") == Answer.NO for answer in answers.values())
    found = set(categories)
    if (wrong and "no_problem" in found) or (not wrong and found & {"corrected", "pending"}):
        raise RuleRefused("category_contradicts", article="第十三条")


def check_content(points: Sequence[Mapping[str, Any]], content: Mapping[str, Any]) -> None:
    """A record's text holds nothing but answers to its own points, and facts; ``record_content``."""
    known = {str(point["no"]) for point in points}
    answers = content.get("answers", {})
    good = set(content) <= {"answers", "facts"} and isinstance(content.get("facts", ""), str)
    if not good or not isinstance(answers, Mapping) or not set(answers) <= known:
        raise BadInput("record_content")
    for answer in answers.values():
        if not isinstance(answer, Mapping) or not set(answer) <= {"answer", "facts"}:
            raise BadInput("record_content")
        if answer.get("answer") not in (None, *Answer) or not isinstance(answer.get("facts", ""), str):
            raise BadInput("record_content")


def delay_minutes(visit_ended: date, filled_in: date, minutes: int) -> int:
    """How late a record is, 0 if it was filled in on the day on which the visit ended (R13.3 补录)."""
    return max(minutes, 1) if filled_in > visit_ended else 0

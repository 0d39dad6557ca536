"""The closed lists of an inspection's life, and their Chinese names."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class TaskType(StrEnum):
    """Only the first two come from a draw of objects and may be called 双随机 (R2.1)."""

    RANDOM = "random"
    JOINT = "joint"
    SPECIAL = "special"
    CLUE = "clue"
    INSTANT = "instant"


class Mode(StrEnum):
    """检查方式 (R12.1)."""

    ONSITE = "onsite"
    DOCUMENT = "document"
    NETWORK = "network"
    OTHER = "other"


class TaskState(StrEnum):
    """One way, but for the way back to the lead office."""

    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    UNDERWAY = "underway"
    ENDED = "ended"
    CLOSED = "closed"
    HANDED_BACK = "handed_back"
    CANCELLED = "cancelled"


class RecordState(StrEnum):
    """How a record stands; every state but ``open`` ends the inspection."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED_RECORDED = "refused_recorded"
    UNREACHABLE = "unreachable"
    CONCLUDED = "concluded"


class Direction(StrEnum):
    """A person arrives at or leaves a visit."""

    IN = "in"
    OUT = "out"


class Answer(StrEnum):
    """符合 · 不符合 · 不适用"""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "na"


class Party(StrEnum):
    """Who signs: an officer of the team, the inspected object, an expert, a witness."""

    OFFICER = "officer"
    OBJECT = "object"
    EXPERT = "expert"
    WITNESS = "witness"


class Confirmation(StrEnum):
    """签字 · 盖章 (R13.4)"""

    SIGNATURE = "signature"
    SEAL = "seal"


class Disposition(StrEnum):
    """责令改正 · 移交立案 · 移送其他部门 · 无需处理 (R15.1)"""

    RECTIFY = "rectify"
    CASE = "case"
    TRANSFER = "transfer"
    NONE = "none"


class RectificationState(StrEnum):
    """From the order to the passed re-check; a failed one goes on."""

    ORDERED = "ordered"
    SUBMITTED = "submitted"
    PASSED = "passed"


class Standing(StrEnum):
    """待整改 · 待核查 · 逾期 · 已完成: where a rectification stands on a day; the columns of the board."""

    ORDERED = "ordered"
    SUBMITTED = "submitted"
    OVERDUE = "overdue"
    PASSED = "passed"


TASK_TYPES: Mapping[TaskType, str] = {
    TaskType.RANDOM: "双随机抽查",
    TaskType.JOINT: "部门联合双随机抽查",
    TaskType.SPECIAL: "专项检查",
    TaskType.CLUE: "线索核查",
    TaskType.INSTANT: "即时检查",
}
MODES: Mapping[Mode, str] = {
    Mode.ONSITE: "现场检查",
    Mode.DOCUMENT: "书面检查",
    Mode.NETWORK: "网络监测",
    Mode.OTHER: "其他方式",
}
RECORD_NAMES: Mapping[Mode, str] = {
    Mode.ONSITE: "现场检查记录",
    Mode.DOCUMENT: "书面检查记录",
    Mode.NETWORK: "网络监测记录",
    Mode.OTHER: "检查记录",
}
"""A record of another mode than on site stands in the place of the visit record (R12.1)."""
TASK_STATES: Mapping[TaskState, str] = {
    TaskState.DISPATCHED: "待接收",
    TaskState.ACCEPTED: "已接收",
    TaskState.UNDERWAY: "检查中",
    TaskState.ENDED: "检查结束",
    TaskState.CLOSED: "已办结",
    TaskState.HANDED_BACK: "已退回",
    TaskState.CANCELLED: "已取消",
}
RECORD_STATES: Mapping[RecordState, str] = {
    RecordState.OPEN: "填写中",
    RecordState.CONFIRMED: "已确认",
    RecordState.REFUSED_RECORDED: "拒签已记录",
    RecordState.UNREACHABLE: "无法联系",
    RecordState.CONCLUDED: "已得出结论",
}
ANSWERS: Mapping[Answer, str] = {Answer.YES: "符合", Answer.NO: "不符合", Answer.NOT_APPLICABLE: "不适用"}
DISPOSITIONS: Mapping[Disposition, str] = {
    Disposition.RECTIFY: "责令改正",
    Disposition.CASE: "移交立案",
    Disposition.TRANSFER: "移送其他部门",
    Disposition.NONE: "无需处理",
}
RECTIFICATION_STATES: Mapping[RectificationState, str] = {
    RectificationState.ORDERED: "整改中",
    RectificationState.SUBMITTED: "已提交整改材料",
    RectificationState.PASSED: "整改合格",
}
STANDINGS: Mapping[Standing, str] = {
    Standing.ORDERED: "待整改",
    Standing.SUBMITTED: "待核查",
    Standing.OVERDUE: "逾期",
    Standing.PASSED: "已完成",
}

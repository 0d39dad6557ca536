"""The closed list of verbs, the roles made of them (DESIGN section 2), and the separation of duties; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from shuangsui.errors import BadInput, NotAllowed

Verb = Literal[
    "view", "import_registry", "edit_catalogue", "confirm_item", "approve_catalogue", "edit_plan", "approve_plan",
    "operate_draw", "enter_event", "reveal_secret", "abandon_draw", "void_draw", "audit_draw", "dispatch_task",
    "accept_task", "inspect", "issue_notice", "approve_visit", "dispose_finding", "check_rectification",
    "send_feedback", "read_feedback", "receive_dispatch", "declare_recusal", "decide_recusal",
    "propose_exemption", "approve_exemption", "propose_override", "approve_override", "publish",
    "approve_withholding", "propose_tenure", "approve_tenure", "manage_users",
    "manage_settings", "read_audit",
]  # fmt: skip

VERB_NAMES: Mapping[Verb, str] = {
    "view": "查看",
    "import_registry": "导入名录库",
    "edit_catalogue": "编制随机抽查事项清单",
    "confirm_item": "确认抽查事项",
    "approve_catalogue": "批准随机抽查事项清单",
    "edit_plan": "编制年度抽查工作计划",
    "approve_plan": "批准年度抽查工作计划",
    "operate_draw": "组织抽取",
    "enter_event": "录入公共随机事件",
    "reveal_secret": "公开随机数",
    "abandon_draw": "作废抽取",
    "void_draw": "作废已有结果的抽取",
    "audit_draw": "核对冻结名录",
    "dispatch_task": "派发检查任务",
    "accept_task": "接收检查任务",
    "inspect": "实施检查",
    "issue_notice": "发出检查通知",
    "approve_visit": "审批行政检查",
    "dispose_finding": "处理检查发现的问题",
    "check_rectification": "复查整改",
    "send_feedback": "送达企业评价单",
    "read_feedback": "查阅企业评价",
    "receive_dispatch": "接收上级派发的抽查对象",
    "declare_recusal": "申报回避",
    "decide_recusal": "决定回避",
    "propose_exemption": "提出专项检查",
    "approve_exemption": "批准专项检查",
    "propose_override": "提出突破检查频次",
    "approve_override": "批准突破检查频次",
    "publish": "公开",
    "approve_withholding": "批准不予公开",
    "propose_tenure": "提出机关存续变更",
    "approve_tenure": "批准机关存续变更",
    "manage_users": "管理用户",
    "manage_settings": "管理系统设置",
    "read_audit": "查阅审计台账",
}


class Role(StrEnum):
    """What a person is in an authority."""

    LEAD_OFFICE = "lead_office"
    BUSINESS_OFFICE = "business_office"
    INSPECTION_OFFICE = "inspection_office"
    LEADER = "leader"
    INSPECTOR = "inspector"
    EXPERT = "expert"
    SUPERVISOR = "supervisor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


ROLE_NAMES: Mapping[Role, str] = {
    Role.LEAD_OFFICE: "综合执法处",
    Role.BUSINESS_OFFICE: "业务处室",
    Role.INSPECTION_OFFICE: "检查处室",
    Role.LEADER: "委领导",
    Role.INSPECTOR: "执法检查人员",
    Role.EXPERT: "专家",
    Role.SUPERVISOR: "纪检（见证）",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDIT_ADMIN: "审计管理员",
}

ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""No user holds two of these in one tenant."""

# Whoever operates the draw does not type the event; whoever approves does not draft. An expert acts through tasks only.
VERBS: Mapping[Role, frozenset[Verb]] = {
    Role.LEAD_OFFICE: frozenset({
        "view", "import_registry", "edit_catalogue", "edit_plan", "operate_draw", "reveal_secret", "abandon_draw",
        "dispatch_task", "dispose_finding", "receive_dispatch", "declare_recusal", "decide_recusal",
        "propose_exemption", "propose_override", "propose_tenure", "publish", "send_feedback",
    }),
    Role.BUSINESS_OFFICE: frozenset({"view", "edit_catalogue", "confirm_item", "propose_exemption"}),
    Role.INSPECTION_OFFICE: frozenset({
        "view", "accept_task", "inspect", "issue_notice", "dispose_finding", "check_rectification", "declare_recusal",
        "propose_exemption", "propose_override",
    }),
    Role.LEADER: frozenset({
        "view", "approve_catalogue", "approve_plan", "abandon_draw", "void_draw", "approve_visit", "decide_recusal",
        "approve_exemption", "approve_override", "approve_withholding", "approve_tenure",
    }),
    Role.INSPECTOR: frozenset({"inspect", "declare_recusal"}),
    Role.EXPERT: frozenset({"declare_recusal"}),
    Role.SUPERVISOR: frozenset({
        "view", "enter_event", "reveal_secret", "abandon_draw", "audit_draw", "read_audit", "read_feedback",
        "send_feedback",
    }),
    Role.SYSTEM_ADMIN: frozenset({"manage_settings"}),
    Role.SECURITY_ADMIN: frozenset({"manage_users"}),
    Role.AUDIT_ADMIN: frozenset({"read_audit"}),
}  # fmt: skip

LOOK: Verb = "view"
OPERATOR = "-"
"""The home of the operator's people: no authority gave out their passwords, none may replace them."""
LONGEST_STAFF = timedelta(hours=8)
"""What takes longer is begun again, with another reason."""
LONGEST_TOKEN = timedelta(days=366)
LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,31}")


@dataclass(frozen=True, slots=True)
class Actor:
    """A user at work in one tenant; ``inspector`` and ``expert`` are the numbers under which registries know them.

    ``only`` narrows what the roles allow, for a program that works with a token of the user's. ``staff`` is why a
    person of the operator is here, who has no role, looks at things and changes nothing.
    """

    login: str
    name: str
    tenant: str
    roles: frozenset[Role]
    inspector: str | None = None
    expert: str | None = None
    only: frozenset[str] | None = None
    staff: str | None = None

    def may(self, verb: Verb) -> bool:
        """Whether one of the roles holds ``verb``, and nothing narrows it."""
        if self.only is not None and verb not in self.only:
            return False
        return verb == LOOK if self.staff else any(verb in VERBS[role] for role in self.roles)


def allow(actor: Actor, verb: Verb) -> Actor:
    """The actor, who holds ``verb``; :class:`NotAllowed` ``not_allowed`` names the verb in Chinese."""
    if not actor.may(verb):
        raise NotAllowed("not_allowed", login=actor.login, verb=VERB_NAMES[verb])
    return actor


def separate(proposer: str, approver: str) -> None:
    """Two people; :class:`NotAllowed` ``same_person`` if one login proposed and approves."""
    if proposer == approver:
        raise NotAllowed("same_person", login=approver)


def check_grant(roles: Iterable[Role], role: Role, *, login: str, by: str) -> None:
    """Whether ``by`` may give ``role`` to ``login``, who has ``roles``.

    :class:`NotAllowed` ``self_grant``, ``administrators_apart``.
    """
    if login == by:
        raise NotAllowed("self_grant", login=login)
    held = next((other for other in roles if other in ADMINISTRATORS and other is not role), None)
    if role in ADMINISTRATORS and held:
        raise NotAllowed("administrators_apart", login=login, role=ROLE_NAMES[role], held=ROLE_NAMES[held])


def check_revoke(*, login: str, by: str) -> None:
    """Nobody takes a role from themselves: an authority must not lose its last administrator by a slip."""
    if login == by:
        raise NotAllowed("self_revoke", login=login)


def check_deactivation(*, login: str, by: str) -> None:
    """Nobody deactivates themselves: the same slip, in every authority."""
    if login == by:
        raise NotAllowed("self_deactivate", login=login)


def check_factor_reset(*, login: str, by: str) -> None:
    """Nobody resets their own: whoever holds a stolen session would be rid of the second factor."""
    if login == by:
        raise NotAllowed("self_factor", login=login)


def check_password_reset(*, login: str, by: str) -> None:
    """Nobody resets their own, which asks for no old one: whoever holds a stolen session would make it a password."""
    if login == by:
        raise NotAllowed("self_password", login=login)


def check_token(actor: Actor, verbs: Iterable[str], *, today: date, until: date) -> None:
    """Whether the actor may give these verbs to a program until that day.

    :class:`BadInput` ``token_until``, ``token_verbs``; :class:`NotAllowed` ``not_allowed`` for a verb not held.
    """
    if not today <= until <= today + LONGEST_TOKEN:
        raise BadInput("token_until", days=LONGEST_TOKEN.days)
    wanted = [verb for verb in VERB_NAMES if verb in set(verbs)]
    if not wanted or set(verbs) - set(wanted):
        raise BadInput("token_verbs")
    for verb in wanted:
        allow(actor, verb)


def check_login(login: str) -> None:
    """:class:`BadInput` ``login_invalid`` for a login that commands and addresses could not carry."""
    if not LOGIN.fullmatch(login):
        raise BadInput("login_invalid", login=login)

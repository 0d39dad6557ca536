"""Result codes of departments 部门结果代码: which the tenant's plugins give, and those chosen for one result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shuangsui.contracts import ResultCode
from shuangsui.errors import BadInput
from shuangsui.extension.service import result_codes
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant


def known(tenant: Tenant, settings: Settings | None = None) -> Mapping[str, ResultCode]:
    """Every code by itself, in the order of the plugins; ``result_code_twice``, ``result_code_astray``."""
    found: dict[str, ResultCode] = {}
    for one in result_codes(tenant, settings):
        if one.code in found:
            raise BadInput("result_code_twice", department=one.code)
        if one.parent not in CATEGORIES:
            raise BadInput("result_code_astray", department=one.code, parent=one.parent, known="、".join(CATEGORIES))
        found[one.code] = one
    return found


def chosen(tenant: Tenant, codes: Iterable[str], settings: Settings | None = None) -> list[ResultCode]:
    """The codes of a result, each once; ``result_code_unknown`` names the known. Without any no plugin is asked."""
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        return []
    there = known(tenant, settings)
    if missing := [code for code in wanted if code not in there]:
        listed = "、".join(f"{one.code} {one.label}" for one in there.values()) or "（无）"
        raise BadInput("result_code_unknown", codes="、".join(missing), known=listed)
    return [there[code] for code in wanted]

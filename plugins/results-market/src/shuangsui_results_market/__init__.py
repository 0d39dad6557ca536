"""Result codes 部门结果代码: those of the credit publicity system beside its eight results, and the authority's own.

The five of 国家企业信用信息公示系统 say whose provisions were broken; its other codes are categories of the platform.
"""

from __future__ import annotations

from shuangsui import Context, ResultCode, hookimpl
from shuangsui_results_market.options import Options

__all__ = ["Options", "api", "register_result_codes"]

api = 1

GSXT = {
    "D": "违反其他工商行政管理规定行为",
    "3": "违反食品药品管理相关规定",
    "4": "违反质量技术监督相关规定",
    "5": "违反其他部门相关规定",
    "G": "违反公安部门相关规定",
}
"""Code and wording there; all stand below A 发现问题待后续处理."""


@hookimpl
def register_result_codes(context: Context[Options]) -> list[ResultCode]:
    """The common ones, unless switched off, before the own ones."""
    common = [ResultCode(f"GSXT-{code}", "pending", label, label) for code, label in GSXT.items()]
    own = [ResultCode(*(part.strip() for part in text.split("|"))) for text in context.options.own]
    return (common if context.options.gsxt else []) + own

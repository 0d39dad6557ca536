"""Enforcement system 行政执法和执法监督应用: tasks go there, inspection codes 执法码 come back.

The interface of the real application is not public; this one is written against ``shuangsui mock-sink``.
"""

from __future__ import annotations

from shuangsui import Context, EnforcementSystem, hookimpl
from shuangsui_adapter_zhifa.options import Options
from shuangsui_adapter_zhifa.system import Zhifa

__all__ = ["Options", "api", "register_enforcement_systems"]

api = 1


@hookimpl
def register_enforcement_systems(context: Context[Options]) -> list[EnforcementSystem]:
    """The one application of the city."""
    options = context.options
    return [Zhifa(options.address.rstrip("/"), context.tenant, options.token_env, options.timeout_seconds)]

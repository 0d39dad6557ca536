"""Expert pool 专家库: a directory of experts 专家名单 that another body keeps, over HTTP in pages.

What the directory answers is written down in ``directory.schema.json``; ``shuangsui mock-sink`` plays one.
"""

from __future__ import annotations

from shuangsui import Context, ExpertPool, hookimpl
from shuangsui_experts_directory.directory import Directory
from shuangsui_experts_directory.options import Options

__all__ = ["Options", "api", "register_expert_pools"]

api = 1


@hookimpl
def register_expert_pools(context: Context[Options]) -> list[ExpertPool]:
    """The one directory."""
    return [Directory(context.options)]

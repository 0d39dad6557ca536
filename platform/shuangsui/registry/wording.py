"""Changes of a registry in words for people; pure."""

from __future__ import annotations

from shuangsui.registry.policy import Content, altered

STATES = {"fresh": "正常", "warn": "即将过期", "blocked": "已过期，不能抽取", "never": "从未导入", "": ""}
"""Of :mod:`freshness`."""
CHANGES = {"added": "新增", "changed": "变更", "removed": "移出"}


def changed_text(before: Content | None, after: Content | None) -> str:
    """What changed, column by column; the name of a row that came or went."""
    if before is None or after is None:
        return str((after or before or {}).get("name", ""))
    return "；".join(f"{name}：{_word(old)} → {_word(new)}" for name, (old, new) in altered(before, after).items())


def _word(value: object) -> str:
    return "（空）" if value in (None, "", []) else str(value)

"""Changes of a registry in words for people; pure."""

from __future__ import annotations

from collections.abc import Mapping

from shuangsui.registry.columns import KINDS
from shuangsui.registry.policy import Content, altered
from shuangsui.registry.tables import UploadState
from shuangsui.registry.writing import cell
from shuangsui.said import listed, say

STATES = {"fresh": "正常", "warn": "即将过期", "blocked": "已过期，不能抽取", "never": "从未导入", "": ""}
"""Of :mod:`freshness`."""
CHANGES = {"added": "新增", "changed": "变更", "removed": "移出"}

UPLOADS: Mapping[UploadState, str] = {
    UploadState.COLUMNS: "待对应各列",
    UploadState.CHECKING: "正在核对",
    UploadState.REFUSED: "不能导入",
    UploadState.READY: "可以导入",
    UploadState.WRITING: "正在写入",
    UploadState.DONE: "已导入",
}


def changed_text(before: Content | None, after: Content | None, kind: str = "") -> str:
    """What changed, column by column under the titles of the kind; the name of a row that came or went."""
    if before is None or after is None:
        return str((after or before or {}).get("name", ""))
    titles = titles_of(kind)
    changed = altered(before, after).items()
    return listed(
        (say("{name}：{old} → {new}", name=titles.get(name, name), old=_word(old), new=_word(new))
         for name, (old, new) in changed), "；",
    )  # fmt: skip


def titles_of(kind: str) -> dict[str, str]:
    """Field → official name of its column."""
    return {column.field: column.headers[0] for column in KINDS[kind].columns} if kind in KINDS else {}


def _word(value: object) -> str:
    return cell(value) or "（空）"

"""Texts of the sample data's errors."""

from __future__ import annotations

TEXTS = {
    "sample_sheet_full": "一张 xlsx 工作表最多容纳 {rows} 行数据：请减少 --objects，或改用 --format csv。",
}

"""双随机、一公开监管平台: what a vendor may import, and nothing else."""

from __future__ import annotations

from shuangsui.contracts import (
    Bundle,
    Context,
    DisclosureChannel,
    Health,
    PluginOptions,
    PublicFile,
    Receipt,
)
from shuangsui.errors import OutsideFailed
from shuangsui.hookspecs import hookimpl

__all__ = [
    "Bundle",
    "Context",
    "DisclosureChannel",
    "Health",
    "OutsideFailed",
    "PluginOptions",
    "PublicFile",
    "Receipt",
    "hookimpl",
]

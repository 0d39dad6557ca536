"""双随机、一公开监管平台: what a vendor may import, and nothing else."""

from __future__ import annotations

from shuangsui.contracts import (
    Bundle,
    CodeReceipt,
    Context,
    DisclosureChannel,
    EnforcementSystem,
    FeedFile,
    FeedState,
    FilingReceipt,
    Health,
    MissingCode,
    PluginOptions,
    PublicFile,
    Receipt,
    RegistryFeed,
    ResultCode,
    RulePackFile,
    TaskNotice,
)
from shuangsui.errors import OutsideFailed
from shuangsui.hookspecs import hookimpl

__all__ = [
    "Bundle",
    "CodeReceipt",
    "Context",
    "DisclosureChannel",
    "EnforcementSystem",
    "FeedFile",
    "FeedState",
    "FilingReceipt",
    "Health",
    "MissingCode",
    "OutsideFailed",
    "PluginOptions",
    "PublicFile",
    "Receipt",
    "RegistryFeed",
    "ResultCode",
    "RulePackFile",
    "TaskNotice",
    "hookimpl",
]

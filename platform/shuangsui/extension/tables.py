"""Rows of what an authority's administrators decided about plugins at the console, over what its files say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned


class PluginSwitch(TenantOwned, table=True):
    """A plugin that was switched on or off here, whatever the files say; the newest decision about it."""

    __tablename__ = "plugin_switch"
    __table_args__ = (UniqueConstraint("tenant_id", "plugin"), {"info": {"worker": "reads"}})

    plugin: str = Field(max_length=64)
    on: bool
    by: str = Field(max_length=64)
    at: datetime


class PluginOption(TenantOwned, table=True):
    """An option that was given a value here, whatever the files say; gone when the value is to be inherited again."""

    __tablename__ = "plugin_option"
    __table_args__ = (UniqueConstraint("tenant_id", "plugin", "key"), {"info": {"worker": "reads"}})

    plugin: str = Field(max_length=64)
    key: str = Field(max_length=64)
    value: Any = Field(sa_type=Json)
    by: str = Field(max_length=64)
    at: datetime


class PluginHealth(TenantOwned, table=True):
    """What a plugin said of itself when it was asked last; ``fault`` is the code and parameters of its failure."""

    __tablename__ = "plugin_health"
    __table_args__ = (UniqueConstraint("tenant_id", "plugin"),)

    plugin: str = Field(max_length=64)
    at: datetime
    ok: bool
    message: str = Field(sa_type=Text)
    fault: dict[str, Any] | None = Field(default=None, sa_type=Json)
    traceback: str = Field(default="", sa_type=Text)

"""``plugins.toml`` beside the tenants' folders: how the operator of an installation offers its plugins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, RootModel

from shuangsui.tenancy.document import parse, read
from shuangsui.tenancy.schema import File, Name

FILE = "plugins.toml"


class Offer(File):
    """How one plugin is offered; whether it is there at all is decided by what is installed and allowed."""

    visible: bool = Field(True, title="是或否", description="在各机关的插件目录里显示；已启用的总是显示")
    restricted: bool = Field(False, title="是或否", description="只能由运维人员在配置文件里启用或停用")
    default: bool = Field(False, title="是或否", description="各机关不必列出即启用；可以在管理页面停用")


class Offers(RootModel[dict[Name, Offer]]):
    """One table for each plugin that is not offered as usual."""


USUAL = Offer()


def offers(root: Path) -> Mapping[str, Offer]:
    """What the file says; nothing without one. :class:`Misconfigured` with its line for a wrong one."""
    path = root / FILE
    if not path.is_file():
        return {}
    return read(parse(path.read_bytes(), path.relative_to(root.parent).as_posix()), Offers).root

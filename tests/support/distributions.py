"""Real distributions for tests: a module and its ``dist-info`` in a folder that Python finds things in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from shuangsui.extension import loading

Install = Callable[..., str]
GOOD = """
from shuangsui import hookimpl

api = 1

class Quiet:
    name = "quiet"
    network = False
    def publish(self, bundle): ...
    def read_back(self, bundle): ...
    def check(self): ...

@hookimpl
def register_disclosure_channels(context):
    return [Quiet()]
"""
SPEAKING = """
from pydantic import Field
from shuangsui import Health, PluginOptions, hookimpl
api = 1
class Options(PluginOptions):
    word: str = Field("plain", description="用什么词", max_length=8)
    times: int = Field(1, description="几次", ge=1, le=9)
    names: tuple[str, ...] = Field((), description="名单")
class Channel:
    network = False
    def __init__(self, options): self.name, self.options = options.word, options
    def publish(self, bundle): ...
    def read_back(self, bundle): ...
    def check(self): return Health(self.options.word != "bad", f"用的是 {self.options.word}。")
@hookimpl
def register_disclosure_channels(context):
    return [Channel(context.options)]
"""
"""A plugin with options of every kind, which says of itself what it was told."""
TALKING = """
import os
from shuangsui import Health, PluginOptions, hookimpl
api = 1
class Options(PluginOptions):
    address: str = "https://system.example"
    token_env: str = "TALKING_TOKEN"
class Channel:
    name, network = "talking", True
    def __init__(self, options): self.options = options
    def publish(self, bundle): ...
    def read_back(self, bundle): ...
    def check(self): return Health(True, f"{self.options.address} {self.options.token_env in os.environ}")
@hookimpl
def register_disclosure_channels(context):
    return [Channel(context.options)]
"""
"""A plugin that would take a secret to an address, and says whether it has one."""


def install(
    folder: Path, name: str, source: str, *, version: str = "1.0", distribution: str = "", requires: str = ""
) -> str:
    """Put the plugin ``name`` with ``source`` as its module below ``folder``; answers the name."""
    module = f"{distribution or name}_module".replace("-", "_")
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    info = folder / f"{distribution or name}-{version}.dist-info"
    info.mkdir()
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution or name}\nVersion: {version}\n{needs}")
    (info / "entry_points.txt").write_text(f"[shuangsui]\n{name} = {module}\n")
    return name


@contextmanager
def installing(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Install]:
    """``installed("name", "source")`` installs a plugin below ``folder``, until the block ends."""
    folder.mkdir()
    patch.syspath_prepend(folder)
    loading.forget()
    before = set(sys.modules)
    yield partial(install, folder)
    loading.forget()
    for module in set(sys.modules) - before:
        if module.endswith("_module"):
            del sys.modules[module]

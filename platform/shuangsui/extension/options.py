"""The options of a plugin for one tenant, checked by the plugin's own model."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from shuangsui.contracts import PluginOptions
from shuangsui.errors import Misconfigured, RuleRefused
from shuangsui.extension.policy import Plugin
from shuangsui.extension.secrecy import ENV
from shuangsui.settings import variables
from shuangsui.tenancy.document import Document, read
from shuangsui.tenancy.lines import KeyPath
from shuangsui.tenancy.schema import Scalar
from shuangsui.tenancy.tenant import CONSOLE, Tenant


def checked(tenant: Tenant, plugin: Plugin) -> PluginOptions:
    """``[options.<plugin>]`` as in force for ``tenant``; else :class:`Misconfigured` with file, line and key.

    A key that is missing is blamed on the line that switches the plugin on. No option names a variable of the platform
    itself: whoever sets options would have the plugin send the database's password wherever its address leads.
    """
    stated, switch = tenant.options(plugin.name), tenant.settings["plugins"]
    values = {key: setting.value for key, setting in stated.items()}
    lines: dict[KeyPath, int] = {(key,): setting.line for key, setting in stated.items()}
    document = Document(switch.file, values, lines)
    try:
        found = read(document, plugin.options)
        for key in (key for key, name in _named(found) if name.upper() in variables()):
            raise document.fault("value_invalid", (key,), "这是平台自己的环境变量，插件不能用")
        return found
    except Misconfigured as fault:
        key = str(fault.params["key"]).partition(".")[0]
        place = stated.get(key, switch)
        name = f"options.{plugin.name}.{key}"
        params = {**fault.params, "file": place.file, "line": place.line, "key": name}
        raise Misconfigured(fault.code, **params) from None


def in_force(tenant: Tenant, plugin: Plugin) -> dict[str, Scalar]:
    """Every option with its value for ``tenant``, its default included; one that is missing is left out."""
    fields = plugin.options.model_fields
    defaults = {key: info.get_default(call_default_factory=True) for key, info in fields.items()}
    known = {key: value for key, value in defaults.items() if not fields[key].is_required()}
    return known | {key: setting.value for key, setting in tenant.options(plugin.name).items()}


def secrets(options: PluginOptions) -> tuple[str, ...]:
    """The environment variables that hold a plugin's secrets: the values of its options whose names end in ``_env``.

    One that is a list may say whose each variable is, as ``whose=VARIABLE``.
    """
    return tuple(name for _, name in _named(options))


def given(tenant: Tenant, plugin: Plugin) -> tuple[str, ...]:
    """The variables of :func:`secrets` that a child may have; errors of :func:`checked`.

    Once an option was decided at the console, only those that the tenant's own file names: a decision of before the
    variable was there must not lead another authority's secret to an address of its own.
    """
    decided = any(one.file == CONSOLE for one in tenant.options(plugin.name).values())
    named = _named(checked(tenant, plugin))
    return tuple(name for key, name in named if not decided or _own(tenant, plugin, key))


def hindrance(tenant: Tenant, plugin: Plugin) -> RuleRefused | None:
    """Why no option of the plugin may be decided at the console; None if it may.

    Whoever sets options says where the plugin sends its secret. One that is there and that the tenant's own file does
    not name, as the plugin's default or from the folder above, is the operator's or another authority's.
    """
    named = [(key, name) for key, name in _named(in_force(tenant, plugin).items()) if name in os.environ]
    shared = [(key, name) for key, name in named if not _own(tenant, plugin, key)]
    if not shared:
        return None
    keys, names = ("、".join(dict.fromkeys(column)) for column in zip(*shared, strict=True))
    return RuleRefused("plugin_option_shared", plugin=plugin.name, key=keys, variable=names)


def _own(tenant: Tenant, plugin: Plugin, key: str) -> bool:
    """Whether the tenant's own file states the option."""
    stated = tenant.own.get(f"options.{plugin.name}.{key}")
    return stated is not None and stated.file != CONSOLE


def _named(options: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    """Option and variable."""
    for key, value in options:
        if key.endswith(ENV):
            texts = value if isinstance(value, tuple | list | set | frozenset) else (value,)
            yield from ((key, str(text).rpartition("=")[2].strip()) for text in texts if text)

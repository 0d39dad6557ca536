"""The options of a plugin for one tenant, checked by the plugin's own model."""

from __future__ import annotations

from shuangsui.contracts import PluginOptions
from shuangsui.errors import Misconfigured
from shuangsui.extension.policy import Plugin
from shuangsui.extension.secrecy import ENV
from shuangsui.tenancy.document import Document, read
from shuangsui.tenancy.lines import KeyPath
from shuangsui.tenancy.schema import Scalar
from shuangsui.tenancy.tenant import Tenant


def checked(tenant: Tenant, plugin: Plugin) -> PluginOptions:
    """``[options.<plugin>]`` as in force for ``tenant``; else :class:`Misconfigured` with file, line and key.

    A key that is missing is blamed on the line that switches the plugin on.
    """
    stated, switch = tenant.options(plugin.name), tenant.settings["plugins"]
    values = {key: setting.value for key, setting in stated.items()}
    lines: dict[KeyPath, int] = {(key,): setting.line for key, setting in stated.items()}
    try:
        return read(Document(switch.file, values, lines), plugin.options)
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
    found = (value for name, value in options if name.endswith(ENV))
    texts = [text for value in found for text in ((value,) if isinstance(value, str) else value)]
    return tuple(str(text).rpartition("=")[2].strip() for text in texts if text)

"""What exporters to credit and supervision systems have in common; a library, not a plugin.

A package is valid by the JSON Schema that the exporter ships, or :class:`shuangsui.ContentRefused` names the field; it
is handed over under its external id and revision, and only what the other system shows confirms it.
"""

from __future__ import annotations

from shuangsui_exporter_kit.codes import require_code
from shuangsui_exporter_kit.endpoint import Endpoint, EndpointOptions
from shuangsui_exporter_kit.form import Form
from shuangsui_exporter_kit.texts import as_json, beijing, document, json_package

__all__ = [
    "Endpoint",
    "EndpointOptions",
    "Form",
    "as_json",
    "beijing",
    "document",
    "json_package",
    "require_code",
]

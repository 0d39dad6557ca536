"""The chart as a cluster would be told of it: rendered by Helm's own library, without a cluster."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import yaml

HELM = Path(__file__).parents[2] / "helm"
CHART = HELM / "shuangsui"
PROFILES = HELM / "profiles"
KUBERNETES = ("1.29", "1.33", "1.37")
"""The oldest that the chart takes, one between, the newest whose schemas are at hand."""
OPERATORS = "monitoring.coreos.com/"
"""Kinds that a cluster has only with the Prometheus operator; no schema of theirs is at hand."""

BUNDLED: dict[str, Any] = {
    "database": {"mode": "bundled"},
    "broker": {"mode": "bundled"},
    "store": {"mode": "bundled"},
    "portal": {"mode": "store"},
    "ingress": {
        "enabled": True,
        "host": "shuangsui.example",
        "tlsSecret": "shuangsui-tls",
        "trustedProxies": ["10.0.0.0/8"],
    },
    "monitoring": {
        "scrape": "annotations",
        "alerts": True,
        "token": {"secret": "shuangsui-metrics"},
        "tracesTo": "http://collector.observability:4318",
    },
}
"""Everything of the chart's own."""

Object = dict[str, Any]


def profiles() -> dict[str, dict[str, Any]]:
    """Values by name: none, those of each file in ``helm/profiles``, and everything bundled."""
    files = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in sorted(PROFILES.glob("*.yaml"))}
    return {"default": {}, **files, "bundled": BUNDLED}


def defaults() -> dict[str, Any]:
    """What ``values.yaml`` says."""
    read: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
    return read


def schema() -> dict[str, Any]:
    """What ``values.schema.json`` says."""
    read: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text("utf-8"))
    return read


def rendered(values: Mapping[str, Any], *, name: str = "demo", namespace: str = "prod") -> list[Object]:
    """Every object of an installation; ``helm_python.HelmError`` if the values are refused."""
    return deepcopy(_rendered(json.dumps(values), name, namespace))


@cache
def _rendered(told: str, name: str, namespace: str) -> list[Object]:
    values = json.loads(told)
    with helm_python.Chart.load(CHART) as chart:
        chart.validate_schema(values)
        texts = chart.render(values, name=name, namespace=namespace)
    return [
        document
        for file, text in sorted(texts.items())
        if file.endswith(".yaml")
        for document in yaml.safe_load_all(text)
        if document
    ]


def problems(values: Mapping[str, Any], version: str) -> list[str]:
    """What Helm's lint and the schemas of a Kubernetes version find wrong; empty if nothing."""
    report = helm_python.lint(CHART, dict(values), strict=True, kube_version=f"v{version}.0")
    found = [*report["errors"], *(one["error"] for one in report["messages"] if one["severity"] > 1)]
    for one in rendered(values):
        if one["apiVersion"].startswith(OPERATORS):
            continue
        try:
            kubernetes_validate.validate(one, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            found.append(f"{one['kind']} {one['metadata']['name']}: {error}")
    return found


def of_kind(objects: list[Object], kind: str) -> dict[str, Object]:
    """Objects of a kind by name."""
    return {one["metadata"]["name"]: one for one in objects if one["kind"] == kind}


def pods(objects: list[Object]) -> Iterator[tuple[str, Object]]:
    """Component and pod template of everything that runs."""
    for one in objects:
        spec = one.get("spec", {})
        template = spec.get("template") or spec.get("jobTemplate", {}).get("spec", {}).get("template")
        if template:
            yield template["metadata"]["labels"]["app.kubernetes.io/component"], template


def containers(objects: list[Object]) -> Iterator[tuple[str, Object]]:
    """Component and container of everything that runs, what prepares a pod included."""
    for component, template in pods(objects):
        for container in [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]:
            yield component, container


def container(objects: list[Object], name: str) -> Object:
    """The one container of that name."""
    (found,) = (one for _, one in containers(objects) if one["name"] == name)
    return found


def values_table() -> str:
    """The table of values in ``helm/README.md``, from the schema's words and the defaults."""
    lines = ["| value | default | meaning |", "|---|---|---|"]
    for path, told, given in _walk(schema(), defaults(), ""):
        lines.append(f"| `{path}` | {_shown(given)} | {told} |")
    return "\n".join(lines)


def _walk(told: Mapping[str, Any], given: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    for key, one in told.get("properties", {}).items():
        if key == "global":
            continue
        below, value = f"{path}.{key}".lstrip("."), given[key]
        if "properties" in one:
            yield below, one["description"], None
            yield from _walk(one, value, below)
        else:
            yield below, one.get("description") or _defined(one)["description"], value


def _defined(one: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema()["$defs"][one["$ref"].rpartition("/")[2]]
    return found


def _shown(given: Any) -> str:
    return "" if given is None else f"`{json.dumps(given, ensure_ascii=False)}`"

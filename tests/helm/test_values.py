"""Values that would not work are refused before anything is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import helm_python
import pytest
import yaml

from charts import CHART, HELM, defaults, profiles, rendered, schema, values_table
from examples import example


@pytest.mark.parametrize(
    "values",
    [
        {"replicaCount": 3},
        {"web": {"replica": 3}},
        {"web": {"replicas": 0}},
        {"web": {"replicas": "two"}},
        {"web": {"resources": {"limits": {"memory": "plenty"}}}},
        {"web": {"resources": {"limits": None}}},
        {"worker": {"threads": 33}},
        {"worker": {"autoscaling": {"enabled": True, "min": 0, "max": 4, "cpu": 70}}},
        {"image": {"repository": "shuangsui:latest"}},
        {"image": {"pullPolicy": "Sometimes"}},
        {"masterKey": {"secret": ""}},
        {"masterKey": {"value": "0123456789abcdef"}},
        {"database": {"mode": "sqlite"}},
        {"database": {"urls": {"app": {"secret": "", "key": "app"}}}},
        {"database": {"urls": {"app": "postgresql://app:secret@db/shuangsui"}}},
        {"database": {"url": "postgresql://app:secret@db/shuangsui"}},
        {"broker": {"mode": "kafka"}},
        {"store": {"mode": "external"}},
        {"store": {"mode": "external", "endpoint": "oss.example"}},
        {"portal": {"mode": "store"}},
        {"portal": {"mode": "cdn"}},
        {"tenants": {"source": "configMap"}},
        {"tenants": {"source": "configMap", "name": "tenants", "items": []}},
        {"tenants": {"source": "configMap", "name": "tenants", "items": [{"key": "a", "path": "../a"}]}},
        {"tenants": {"source": "configMap", "name": "tenants", "items": [{"key": "a", "path": "a/../../b"}]}},
        {"tenants": {"source": "claim"}},
        {"volume": {"accessMode": "ReadOnlyMany"}},
        {"volume": {"size": "50G"}},
        {"plugins": {"allowed": ["Channel_Portal"]}},
        {"plugins": {"secrets": [{"name": "gsxt token", "secret": "a", "key": "b"}]}},
        {"plugins": {"secrets": [{"name": "TOKEN", "value": "secret"}]}},
        {"settings": {"simulatedClock": True}},
        {"ingress": {"enabled": True}},
        {"ingress": {"enabled": True, "host": "shuangsui.example"}},
        {"ingress": {"enabled": True, "host": "shuangsui.example", "tlsSecret": "tls"}},
        {"network": {"database": {"cidrs": [], "port": 5432}}},
        {"network": {"database": {"cidrs": ["db.example"], "port": 5432}}},
        {"network": {"outside": [{"cidr": "0.0.0.0/0"}]}},
        {"backup": {"schedule": "daily"}},
        {"backup": {"keepDays": 0}},
        {"monitoring": {"scrape": True}},
        {"monitoring": {"scrape": "serviceMonitor"}},
        {"monitoring": {"tracesTo": "collector:4318"}},
        {"monitoring": {"tracesTo": "grpc://collector:4317"}},
        {"network": {"collector": ["collector.example"]}},
    ],
    ids=str,
)
def test_wrong_or_unknown_values_are_refused(values: dict[str, Any]) -> None:
    """By Helm itself, which names the value, or the one that it does not go with."""
    with pytest.raises(helm_python.HelmError, match=f"{next(iter(values))}|/store/mode"):
        rendered(values)


def test_schema_knows_exactly_the_values_there_are() -> None:
    """A value that is only in one of the two files would be refused, or would say nothing."""
    assert list(paths(schema(), defaults())) == []


def paths(told: dict[str, Any], given: Any, at: str = "") -> list[str]:
    """Where schema and defaults differ in their names."""
    if "properties" not in told or not isinstance(given, dict):
        return []
    known = told["properties"].keys() - {"global"}
    found = [f"{at}.{name}" for name in known ^ given.keys()]
    for name in known & given.keys():
        found += paths(told["properties"][name], given[name], f"{at}.{name}")
    return found


def test_no_object_of_the_schema_lets_an_unknown_name_through() -> None:
    """Besides maps whose names are the operator's: labels, annotations, selectors."""
    assert sorted(loose(schema())) == [
        ".$defs.peers.items.properties.ipBlock",
        ".$defs.peers.items.properties.namespaceSelector",
        ".$defs.peers.items.properties.podSelector",
        ".properties.global",
        ".properties.ingress.properties.annotations",
        ".properties.monitoring.properties.labels",
        ".properties.placement.properties.nodeSelector",
        ".properties.placement.properties.tolerations.items",
    ]


def loose(told: Any, at: str = "") -> list[str]:
    """Where an object is not closed."""
    if isinstance(told, list):
        return [path for one in told for path in loose(one, at)]
    if not isinstance(told, dict) or at == ".allOf":
        return []
    mine = [at] if told.get("type") == "object" and told.get("additionalProperties") is not False else []
    return mine + [path for name, one in told.items() for path in loose(one, f"{at}.{name}")]


def test_readme_has_the_table_of_values() -> None:
    """``python tests/chart.py --table`` writes it anew."""
    assert values_table() in (HELM / "README.md").read_text("utf-8")


def test_example_of_plugins_in_the_readme_is_rendered() -> None:
    """As values of the chart, by whose schema they are judged."""
    stated = yaml.safe_load(example("helm/README.md", "yaml"))
    allowed, (secret,) = stated["plugins"]["allowed"], stated["plugins"]["secrets"]
    told = yaml.dump_all(rendered(stated))
    assert [",".join(allowed) in told, f"name: {secret['name']}" in told] == [True, True]


def test_profiles_say_only_what_differs() -> None:
    """A line that repeats a default would hide its change."""
    for name, values in profiles().items():
        assert repeated(values, defaults()) == [], name


def repeated(values: dict[str, Any], given: dict[str, Any], at: str = "") -> list[str]:
    """Values that are those of the defaults."""
    found: list[str] = []
    for name, value in values.items():
        if isinstance(value, dict) and set(value) != set(given[name]):
            found += repeated(value, given[name], f"{at}.{name}")
        elif value == given[name]:
            found.append(f"{at}.{name}")
    return found


def test_chart_is_of_the_version_of_the_platform() -> None:
    """The image's tag follows it."""
    import tomllib

    project = tomllib.loads((HELM.parent / "pyproject.toml").read_text("utf-8"))["project"]
    with helm_python.Chart.load(Path(CHART)) as chart:
        assert chart.metadata["appVersion"] == project["version"]

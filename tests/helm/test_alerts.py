"""The rules for Prometheus: readable, about metrics that the README lists, said in Chinese."""

from __future__ import annotations

import re
from typing import Any

import promql_parser
import pytest

from charts import HELM, of_kind, rendered
from shuangsui.disclosure.policy import DeliveryState
from shuangsui.measures import REGISTRY
from shuangsui.web.metrics import GAUGES

VALUES: dict[str, Any] = {"monitoring": {"alerts": True, "labels": {"release": "prometheus"}}}
KUBERNETES = {"kube_cronjob_status_last_successful_time"}


def rules() -> list[dict[str, Any]]:
    """Of the one group."""
    (found,) = of_kind(rendered(VALUES), "PrometheusRule").values()
    (group,) = found["spec"]["groups"]
    return list(group["rules"])


def listed() -> set[str]:
    """Metrics in the README's section about them."""
    section = (HELM / "README.md").read_text("utf-8").partition("## Metrics")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `(shuangsui_\w+)`", section, re.MULTILINE))


def test_every_expression_is_promql() -> None:
    """Read by a parser of the language."""
    for rule in rules():
        promql_parser.parse(rule["expr"])


def test_alerts_are_about_listed_metrics_only() -> None:
    """Names stand in one place; what no alert asks for is for dashboards."""
    used = {name for rule in rules() for name in re.findall(r"\b(?:shuangsui|kube)_\w+", rule["expr"])}
    assert used - listed() == KUBERNETES
    assert listed() - used == {"shuangsui_draw_seconds", "shuangsui_jobs_total", "shuangsui_request_seconds"}


def test_every_listed_metric_is_served() -> None:
    """By the platform's own names."""
    measured = {f"{family.name}{'_total' * (family.type == 'counter')}" for family in REGISTRY.collect()}
    served = {f"shuangsui_{name}" for name, *_ in GAUGES} | measured
    assert listed() - served == set()


def test_deliveries_are_asked_for_by_a_state_they_have() -> None:
    """A name that no delivery has would never raise an alert."""
    states = {name for rule in rules() for name in re.findall(r'state="(\w+)"', rule["expr"])}
    assert states <= set(DeliveryState)
    assert states == {DeliveryState.REFUSED}


def test_every_alert_says_how_bad_it_is_and_what_to_do() -> None:
    """In Chinese; the tenant is named wherever the metric names one."""
    for rule in rules():
        assert rule["labels"]["severity"] in ("critical", "warning")
        summary, what = rule["annotations"]["summary"], rule["annotations"]["description"]
        assert re.search("[一-鿿]", summary)
        assert re.search("[一-鿿]", what)
        assert ("{{ $labels.tenant }}" in summary) == ("by (tenant" in rule["expr"])


@pytest.mark.parametrize("enabled", [True, False])
def test_backup_is_missed_only_where_there_is_one(enabled: bool) -> None:
    """A rule about a job that does not exist would never speak."""
    (found,) = of_kind(rendered({**VALUES, "backup": {"enabled": enabled}}), "PrometheusRule").values()
    assert ("ShuangsuiBackupOld" in str(found)) == enabled


def test_prometheus_finds_the_rules_by_label() -> None:
    """Whatever label it looks for."""
    (found,) = of_kind(rendered(VALUES), "PrometheusRule").values()
    assert found["metadata"]["labels"]["release"] == "prometheus"

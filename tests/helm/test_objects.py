"""What the chart asks a cluster for, in every profile: read from the rendered objects."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from charts import KUBERNETES, Object, container, containers, of_kind, pods, problems, profiles, rendered
from shuangsui.cli import app
from shuangsui.settings import Settings
from shuangsui.tenancy.policy import RESERVED
from shuangsui.web.app import create_app

PROFILES = profiles()
WITHOUT_CLUSTER_ADDRESS = re.compile(r"^[a-z0-9]+(/[a-z0-9]+)?:[A-Za-z0-9._-]+$")
TOKEN = {"secret": "shuangsui-metrics", "key": "token"}
ENDS = (KUBERNETES[0], KUBERNETES[-1])


@pytest.fixture(params=sorted(PROFILES))
def objects(request: pytest.FixtureRequest) -> list[Object]:
    """Every object of each profile in turn."""
    return rendered(PROFILES[request.param])


def components(objects: list[Object]) -> set[str]:
    """What runs."""
    return {component for component, _ in pods(objects)}


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_oldest_and_newest_kubernetes_take_every_object(profile: str) -> None:
    """Lint finds nothing, and no field is unknown or of the wrong type."""
    found = [(version, one) for version in ENDS for one in problems(PROFILES[profile], version)]
    assert found == []


def test_profiles_run_what_they_say() -> None:
    """A district has a database of its own and no broker; a province brings every service with it."""
    assert {name: components(rendered(values)) for name, values in PROFILES.items()} == {
        "default": {"web", "portal", "migrate", "backup"},
        "district": {"web", "portal", "migrate", "backup", "postgres"},
        "municipality": {"web", "worker", "portal", "migrate", "backup", "rabbitmq"},
        "province": {"web", "worker", "portal", "migrate", "backup"},
        "bundled": {"web", "worker", "portal", "migrate", "backup", "postgres", "rabbitmq", "store"},
    }


def test_no_process_may_more_than_it_needs(objects: list[Object]) -> None:
    """Not root, nothing writable but volumes, no way up, no capability, the default filter of system calls."""
    wanted = {
        "runAsNonRoot": True,
        "privileged": False,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert [one["name"] for _, one in containers(objects) if one["securityContext"] != wanted] == []
    for _, template in pods(objects):
        security = template["spec"]["securityContext"]
        assert (security["runAsNonRoot"], security["runAsUser"] > 0) == (True, True)
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}


def test_no_pod_holds_a_key_to_the_cluster(objects: list[Object]) -> None:
    """No token of a service account, no host's namespace, no host's folder."""
    for _, template in pods(objects):
        spec = template["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert {"hostNetwork", "hostPID", "hostIPC"} & spec.keys() == set()
        assert [volume["name"] for volume in spec["volumes"] if "hostPath" in volume] == []


def test_every_container_says_what_it_takes(objects: list[Object]) -> None:
    """Requests and limits, of processor and memory."""
    for _, one in containers(objects):
        assert {name: set(amounts) for name, amounts in one["resources"].items()} == {
            "requests": {"cpu", "memory"},
            "limits": {"cpu", "memory"},
        }


def test_what_serves_is_probed(objects: list[Object]) -> None:
    """Whether it has begun, whether it lives, whether it could be asked."""
    probed = {
        component: {key for key in template["spec"]["containers"][0] if key.endswith("Probe")}
        for component, template in pods(objects)
        if template["spec"].get("restartPolicy") is None
    }
    every = {"startupProbe", "livenessProbe", "readinessProbe"}
    assert probed == dict.fromkeys(probed, every)


def test_web_is_asked_where_it_answers(objects: list[Object]) -> None:
    """``/livez`` and ``/readyz`` of the platform."""
    web = container(objects, "web")
    asked = {key: web[key]["httpGet"]["path"] for key in web if key.endswith("Probe")}
    assert asked == {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}


def test_worker_lives_as_long_as_its_own_endpoint_says() -> None:
    """A database that is away makes it unready and leaves it alive."""
    worker = container(rendered(PROFILES["bundled"]), "worker")
    asked = {key: worker[key].get("httpGet") for key in worker if key.endswith("Probe")}
    livez = {"path": "/livez", "port": "metrics"}
    assert asked == {"startupProbe": livez, "livenessProbe": livez, "readinessProbe": None}
    assert port_of(worker) == "8001"
    assert {port["name"]: port["containerPort"] for port in worker["ports"]} == {"metrics": 8001}


def port_of(one: Object) -> str:
    """Where the process is told to answer."""
    (found,) = (variable["value"] for variable in one["env"] if variable["name"] == "SHUANGSUI_METRICS_PORT")
    return str(found)


def test_a_drained_node_takes_one_replica_at_a_time(objects: list[Object]) -> None:
    """A budget for each Deployment; it never keeps a node from being drained for good."""
    budgets = of_kind(objects, "PodDisruptionBudget")
    assert budgets.keys() == of_kind(objects, "Deployment").keys()
    for name, budget in budgets.items():
        selected = of_kind(objects, "Deployment")[name]["spec"]["selector"]
        assert (budget["spec"]["maxUnavailable"], budget["spec"]["selector"]) == (1, selected)


def test_an_autoscaler_alone_says_how_many(objects: list[Object]) -> None:
    """A Deployment that is scaled names no number, so that an upgrade does not undo the scaling."""
    scaled = {
        one["spec"]["scaleTargetRef"]["name"]: one for one in of_kind(objects, "HorizontalPodAutoscaler").values()
    }
    without = {name for name, one in of_kind(objects, "Deployment").items() if "replicas" not in one["spec"]}
    assert scaled.keys() == without
    assert [name for name, one in scaled.items() if one["spec"]["minReplicas"] > one["spec"]["maxReplicas"]] == []


def test_nothing_talks_that_is_not_let(objects: list[Object]) -> None:
    """One policy shuts every pod of the release in, both ways; each component has one that opens what it needs."""
    policies = of_kind(objects, "NetworkPolicy")
    shut = policies.pop("demo-shuangsui")["spec"]
    everything = {"app.kubernetes.io/name": "shuangsui", "app.kubernetes.io/instance": "demo"}
    assert (shut["podSelector"]["matchLabels"], shut["policyTypes"]) == (everything, ["Ingress", "Egress"])
    assert {port["port"] for rule in shut["egress"] for port in rule["ports"]} == {53}
    opened = {one["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/component"] for one in policies.values()}
    assert opened == components(objects)


def test_only_web_and_workers_go_outside() -> None:
    """Plugins talk to other systems; a job that holds a stronger role of the database reaches the database only."""
    policies = of_kind(rendered(PROFILES["bundled"]), "NetworkPolicy")
    outside = {
        name.removeprefix("demo-shuangsui-")
        for name, one in policies.items()
        for rule in one["spec"].get("egress", [])
        if any("ipBlock" in peer for peer in rule.get("to", []))
    }
    assert outside == {"web", "worker"}


def opened(values: dict[str, Any], component: str, way: str, port: int) -> list[Any]:
    """Who is let in or out at a port: the peers of each rule, None for everybody."""
    policy = of_kind(rendered(values), "NetworkPolicy")[f"demo-shuangsui-{component}"]["spec"]
    peers = {"ingress": "from", "egress": "to"}[way]
    rules = policy.get(way, [])
    return [rule.get(peers) for rule in rules if port in {one["port"] for one in rule.get("ports", [])}]


def test_workers_are_reached_by_prometheus_only() -> None:
    """Nobody, before it is told of them; then whoever is named, or everybody with the token."""
    peers = [{"namespaceSelector": {"matchLabels": {"name": "monitoring"}}}]
    broker = {"broker": {"mode": "external"}}
    told = {"monitoring": {"scrape": "serviceMonitor", "token": TOKEN}}
    named = {"network": {"monitoringFrom": peers}}
    assert opened(broker, "worker", "ingress", 8001) == []
    assert opened(broker | told, "worker", "ingress", 8001) == [None]
    assert opened(broker | told | named, "worker", "ingress", 8001) == [peers]
    assert opened(broker | named, "worker", "ingress", 8001) == [peers]


@pytest.mark.parametrize(
    ("address", "port"),
    [
        ("http://collector.observability:4318", 4318),
        ("https://otlp.example/shuangsui", 443),
        ("http://otlp.example", 80),
    ],
)
def test_traces_leave_for_their_collector(address: str, port: int) -> None:
    """Web and workers are told of it, and their policies open its port to it alone; the portal knows nothing."""
    peers = [{"podSelector": {"matchLabels": {"app": "collector"}}}]
    values = {
        "broker": {"mode": "external"}, "monitoring": {"tracesTo": address},
        "network": {"collector": peers, "outside": []},
    }  # fmt: skip
    objects = rendered(values)
    given = {
        one["name"]: variable["value"]
        for _, one in containers(objects)
        for variable in one.get("env", [])
        if variable["name"] == "SHUANGSUI_OTLP_ENDPOINT"
    }
    assert given == {"web": address, "worker": address}
    out = {name: opened(values, name, "egress", port) for name in ("web", "worker", "portal", "migrate")}
    assert out == {"web": [peers], "worker": [peers], "portal": [], "migrate": []}


def test_without_a_collector_nothing_is_opened_for_it() -> None:
    """Nor is anybody told of one."""
    values = {"broker": {"mode": "external"}}
    assert "OTLP" not in str(rendered(values))
    assert opened(values, "web", "egress", 4318) == opened(values, "worker", "egress", 4318) == []


def test_without_policies_the_cluster_decides() -> None:
    """Where another tool writes them."""
    assert of_kind(rendered({"network": {"enabled": False}}), "NetworkPolicy") == {}


def test_no_secret_is_written_down(objects: list[Object]) -> None:
    """The chart makes no Secret and puts none into a variable."""
    assert of_kind(objects, "Secret") == {}
    for _, one in containers(objects):
        for variable in one.get("env", []):
            if re.search("PASS|SECRET|TOKEN|ACCESS_KEY|_URL$", variable["name"]):
                expanded = re.search(r"://\w+:\$\(\w+_PASSWORD\)@", variable.get("value", ""))
                assert "secretKeyRef" in variable.get("valueFrom", {}) or expanded, variable["name"]


def references(one: Object) -> set[str]:
    """``secret/key`` of every variable of a container that comes from a Secret."""
    found = [variable["valueFrom"]["secretKeyRef"] for variable in one.get("env", []) if "valueFrom" in variable]
    return {f"{ref['name']}/{ref['key']}" for ref in found}


@pytest.mark.parametrize(
    ("profile", "strong"),
    [
        ("default", {"shuangsui-database/migration": {"migrate"}, "shuangsui-database/backup": {"backup"}}),
        ("bundled", {"shuangsui-postgres/owner": {"migrate", "postgres"},
                     "shuangsui-postgres/backup": {"backup", "postgres"},
                     "shuangsui-postgres/worker": {"worker", "migrate", "postgres"},
                     "shuangsui-postgres/superuser": {"postgres"}}),
    ],
)  # fmt: skip
def test_only_its_job_is_given_a_strong_role(profile: str, strong: dict[str, set[str]]) -> None:
    """The owner of the tables is the migration's, the one who reads everything is the backup's."""
    holders = {
        ref: {one["name"] for _, one in containers(rendered(PROFILES[profile])) if ref in references(one)}
        for ref in strong
    }
    assert holders == strong


def test_workers_may_have_a_role_of_their_own() -> None:
    """Without a Secret for it they use the application's; the migration grants rights to both."""
    values: dict[str, Any] = {"broker": {"mode": "external"}}
    assert references(container(rendered(values), "worker")) == {"shuangsui-database/worker", "shuangsui-broker/url"}
    assert "shuangsui-database/worker" not in references(container(rendered(values), "web"))
    migrate = {variable["name"]: variable for variable in container(rendered(values), "migrate")["env"]}
    assert migrate["SHUANGSUI_WORKER_DATABASE_URL"]["valueFrom"]["secretKeyRef"]["key"] == "worker"
    values["database"] = {"urls": {"worker": {"secret": ""}}}
    assert references(container(rendered(values), "worker")) == {"shuangsui-database/app", "shuangsui-broker/url"}


def test_every_variable_is_a_setting_of_the_platform(objects: list[Object]) -> None:
    """A name that nobody reads would be a setting that does nothing."""
    known = {f"SHUANGSUI_{name.upper()}" for name in Settings.model_fields}
    known |= {"SHUANGSUI_PORTAL_ACCESS_KEY", "SHUANGSUI_PORTAL_SECRET_KEY"}
    given = {v["name"] for _, one in containers(objects) for v in one.get("env", []) if v["name"].startswith("SHUANG")}
    assert given - known == set()


def test_the_clock_cannot_be_moved(objects: list[Object]) -> None:
    """That is for tests and drills."""
    assert [one["name"] for _, one in containers(objects) if "SIMULATED_CLOCK" in str(one)] == []


def test_every_command_of_the_platform_exists(objects: list[Object]) -> None:
    """Its name and its options, read by the command line itself."""
    for _, one in containers(objects):
        program, *words = one.get("command", ["-"])
        if program == "shuangsui":
            command = get_command(app)
            context = typer.Context(command, info_name="shuangsui")
            name, found, rest = command.resolve_command(context, words)
            found.make_context(name, rest, parent=context)


def test_the_schema_changes_before_the_first_new_process(objects: list[Object]) -> None:
    """Helm waits for the job; a database of the chart's own is there only after the first installation."""
    job = of_kind(objects, "Job")["demo-shuangsui-migrate"]
    first = "post-install" if "postgres" in components(objects) else "pre-install"
    assert job["metadata"]["annotations"]["helm.sh/hook"] == f"{first},pre-upgrade"
    assert job["spec"]["template"]["spec"]["containers"][0]["command"] == ["shuangsui", "migrate"]


def test_master_key_is_copied_for_one_user(objects: list[Object]) -> None:
    """A mounted Secret is readable by the volumes' group, which the platform refuses; memory is not a disk."""
    for component, template in pods(objects):
        volumes = {volume["name"]: volume for volume in template["spec"]["volumes"]}
        assert ("sealed-key" in volumes) == (component in ("web", "worker"))
        if "key" in volumes:
            assert volumes["key"]["emptyDir"]["medium"] == "Memory"
            (prepare,) = template["spec"]["initContainers"]
            assert "install -m 0400 /run/sealed/master.key /run/shuangsui/master.key" in prepare["args"][0]


def test_keys_of_a_key_store_lie_on_a_volume_of_their_own() -> None:
    """Where one is named, web pods and workers see the same one, and nothing else does."""
    for claim, seeing in (("", set()), ("shuangsui-keys", {"web", "worker"})):
        objects = rendered({"keys": {"claim": claim}, "broker": {"mode": "external"}})
        found = {
            component
            for component, template in pods(objects)
            for volume in template["spec"]["volumes"]
            if volume.get("persistentVolumeClaim", {}).get("claimName") == "shuangsui-keys"
        }
        assert found == seeing


@pytest.mark.parametrize(("mode", "together"), [("ReadWriteOnce", True), ("ReadWriteMany", False)])
def test_a_volume_of_one_node_keeps_its_pods_there(mode: str, together: bool) -> None:
    """Everything that mounts it goes where the others are; otherwise replicas go apart."""
    objects = rendered({"volume": {"accessMode": mode}, "broker": {"mode": "external"}})
    mounting = [t for _, t in pods(objects) if any(v["name"] == "var" for v in t["spec"]["volumes"])]
    assert len(mounting) == 4
    for template in mounting:
        labels = {"shuangsui/volume": "demo-shuangsui-var"}
        assert labels.items() <= template["metadata"]["labels"].items()
        rules = template["spec"].get("affinity", {}).get("podAffinity", {})
        found = [
            one["labelSelector"]["matchLabels"]
            for one in rules.get("requiredDuringSchedulingIgnoredDuringExecution", [])
        ]
        assert found == ([labels] if together else [])


def test_what_must_not_be_lost_outlives_the_release(objects: list[Object]) -> None:
    """Helm leaves the claims of files and backups when it removes everything else."""
    claims = of_kind(objects, "PersistentVolumeClaim")
    assert {name: one["metadata"]["annotations"] for name, one in claims.items()} == {
        name: {"helm.sh/resource-policy": "keep"} for name in ("demo-shuangsui-var", "demo-shuangsui-backup")
    }


def test_ingress_leads_to_every_page_and_to_no_inner_address(tmp_path: Path) -> None:
    """Console, API, pages for the inspected and calls of other systems go to the platform; all else is public files."""
    (ingress,) = of_kind(rendered(PROFILES["municipality"]), "Ingress").values()
    (rule,) = ingress["spec"]["rules"]
    led = {one["path"]: one["backend"]["service"]["name"] for one in rule["http"]["paths"]}
    web, portal = "demo-shuangsui-web", "demo-shuangsui-portal"
    assert led == {
        "/console": web, "/api": web, "/m": web, "/e": web, "/live": web, "/callbacks": web, "/witness": web,
        "/": portal,
    }  # fmt: skip
    inner, files = {"livez", "readyz", "metrics", "healthz"}, {"static", "en"}
    assert {path.strip("/") for path in led if path != "/"} == RESERVED - inner - files
    routes = {route.path.split("/")[1] for route in create_app(Settings(var=tmp_path)).routes}
    assert routes - inner - {"", "{path:path}"} == RESERVED - inner - files


def test_only_the_ingress_is_believed_to_speak_tls() -> None:
    """The console answers by https only, and the platform must know that the request came so."""
    web = {variable["name"]: variable for variable in container(rendered(PROFILES["municipality"]), "web")["env"]}
    assert web["SHUANGSUI_TRUSTED_PROXIES"]["value"] == "10.0.0.0/8"
    assert "SHUANGSUI_TRUSTED_PROXIES" not in str(container(rendered({}), "web"))


def test_images_name_no_mirror(objects: list[Object]) -> None:
    """Which registry they come from is the operator's business."""
    assert [one["image"] for _, one in containers(objects) if not WITHOUT_CLUSTER_ADDRESS.match(one["image"])] == []


def test_prometheus_is_told_in_the_way_that_is_chosen() -> None:
    """By annotations, by the operator's objects, or not at all; of web and of workers."""
    told = {}
    for way in ("none", "annotations", "serviceMonitor"):
        objects = rendered({"monitoring": {"scrape": way, "token": TOKEN}, "broker": {"mode": "external"}})
        found = {name: template["metadata"].get("annotations", {}) for name, template in pods(objects)}
        ports = {name: said["prometheus.io/port"] for name, said in found.items() if "prometheus.io/port" in said}
        told[way] = (ports, [*of_kind(objects, "ServiceMonitor")], [*of_kind(objects, "PodMonitor")])
    assert told == {
        "none": ({}, [], []),
        "annotations": ({"web": "8000", "worker": "8001"}, [], []),
        "serviceMonitor": ({}, ["demo-shuangsui"], ["demo-shuangsui-worker"]),
    }


def test_every_web_pod_is_scraped_with_the_token() -> None:
    """By the Service's own port."""
    values = {"monitoring": {"scrape": "serviceMonitor", "token": TOKEN}}
    objects = rendered(values)
    (monitor,) = of_kind(objects, "ServiceMonitor").values()
    endpoint = monitor["spec"]["endpoints"][0]
    assert endpoint["authorization"]["credentials"] == {"name": "shuangsui-metrics", "key": "token"}
    assert "shuangsui-metrics/token" in references(container(objects, "web"))
    service = of_kind(objects, "Service")["demo-shuangsui-web"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert endpoint["port"] in {port["name"] for port in service["spec"]["ports"]}
    assert of_kind(objects, "PodMonitor") == {}


def test_every_worker_pod_is_scraped_with_the_token() -> None:
    """By the container's own port, since no Service leads to workers."""
    objects = rendered({"monitoring": {"scrape": "serviceMonitor", "token": TOKEN}, "broker": {"mode": "external"}})
    (monitor,) = of_kind(objects, "PodMonitor").values()
    (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
    assert (endpoint["path"], endpoint["authorization"]["credentials"]) == (
        "/metrics", {"name": "shuangsui-metrics", "key": "token"},
    )  # fmt: skip
    worker = container(objects, "worker")
    assert "shuangsui-metrics/token" in references(worker)
    assert endpoint["port"] in {port["name"] for port in worker["ports"]}
    labels = of_kind(objects, "Deployment")["demo-shuangsui-worker"]["spec"]["template"]["metadata"]["labels"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= labels.items()

"""The deployment files are valid by the real schemas and say what the product knows: names, commands, addresses, times."""

from __future__ import annotations

import json
import re
import shlex
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml
from django.urls import resolve

import elistit
from elistit import config
from elistit.cli import environment
from elistit.cli.commands import elistit as command_line

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
KUBERNETES = "1.37"
KNOWN = {name.name for name in config.settings()}
SECRET = {name.name for name in config.settings() if name.secret} | {"DATABASE_URL"}
NOT_OURS = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
PLAIN_IMAGE = re.compile(r"[a-z][a-z0-9-]*:[0-9][0-9a-z.-]*")


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def objects() -> list[dict[str, Any]]:
    return [d for m in MANIFESTS for d in yaml.safe_load_all(m.read_text())]


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {o["metadata"]["name"]: o for o in objects() if o["kind"] == kind}


def pods() -> dict[str, dict[str, Any]]:
    return {o["metadata"]["name"]: o["spec"]["template"] for o in objects() if o["kind"] in ("Job", "Deployment")}


def containers() -> list[tuple[str, dict[str, Any]]]:
    return [(name, c) for name, pod in pods().items() for c in pod["spec"]["containers"]]


def services_of_ours() -> dict[str, dict[str, Any]]:
    return {n: s for n, s in compose()["services"].items() if s["image"].startswith("elistit:")}


def dockerfile() -> list[list[str]]:
    lines = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    return [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]


def parses(arguments: list[str]) -> None:
    """Raises when the command line of the product does not take these arguments."""
    with command_line.make_context("elistit", list(arguments)) as context:
        name, command, rest = command_line.resolve_command(context, [*context.protected_args, *context.args])  # type: ignore[attr-defined]
        assert command is not None
        command.make_context(name, rest, parent=context)


def test_the_compose_file_is_valid_by_the_compose_specification() -> None:
    schema = resources.files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text()
    jsonschema.Draft202012Validator(json.loads(schema)).validate(compose())


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: m.name)
def test_every_manifest_is_valid_by_the_schemas_of_kubernetes(manifest: Path) -> None:
    for one in yaml.safe_load_all(manifest.read_text()):
        kubernetes_validate.validate(one, KUBERNETES, strict=True)


def test_a_wrong_manifest_would_be_refused() -> None:
    deployment = of_kind("Deployment")["elistit-web"]
    deployment["spec"]["template"]["spec"]["terminationGracePeriod"] = 40
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, KUBERNETES, strict=True)


def test_every_environment_name_is_one_the_product_reads_and_its_value_is_right() -> None:
    config, secret = of_kind("ConfigMap")["elistit"]["data"], of_kind("Secret")["elistit"]["stringData"]
    environments = [{**config, **secret}, *(s["environment"] for s in services_of_ours().values())]
    for found in environments:
        assert set(found) <= KNOWN, set(found) - KNOWN
        value = {k: re.sub(r"\$\{\w+:-([^}]*)\}|\$\{\w+:\?[^}]*\}", r"\1", str(v)) for k, v in found.items()}
        filled = {**value, "ELISTIT_SECRET_KEY": "x" * 50, "DATABASE_URL": "postgresql://u:p@db/n"}
        if filled["ELISTIT_STORAGE_URL"].startswith("s3:"):
            filled |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
        assert environment.problems(filled) == []
    [image] = [dict(p.split("=", 1) for p in shlex.split(rest)) for word, rest in dockerfile() if word == "ENV"]
    example = re.findall(r"^(\w+)=(.*)$", (DEPLOY / "env.example").read_text(), re.M)
    assert set(image) | {n for n, _ in example} <= KNOWN | NOT_OURS
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))
    assert asked == {n for n, _ in example}


def test_no_file_holds_a_secret() -> None:
    assert set(of_kind("Secret")["elistit"]["stringData"].values()) == {""}
    assert not SECRET & set(of_kind("ConfigMap")["elistit"]["data"])
    assert all(not value for _, value in re.findall(r"^(\w+)=(.*)$", (DEPLOY / "env.example").read_text(), re.M))
    for service in compose()["services"].values():
        for name in (SECRET | {"POSTGRES_PASSWORD"}) & set(service["environment"]):
            assert "${" in service["environment"][name], name
    names = [word for word, rest in dockerfile() if word in ("ENV", "ARG") and any(s in rest for s in SECRET)]
    assert names == []


def test_every_command_is_one_of_the_product() -> None:
    given = [c["args"] for _, c in containers()] + [s["command"] for s in services_of_ours().values()]
    given += [json.loads(rest) for word, rest in dockerfile() if word == "CMD"]
    for arguments in given:
        parses(arguments)
    assert sorted(a[0] for a in given) == ["migrate", "migrate", "web", "web", "web", "worker", "worker"]
    with pytest.raises(Exception, match="No such"):
        parses(["worker", "--concurency", "2"])


def test_every_probe_asks_an_address_there_is_by_a_host_name_that_is_answered() -> None:
    [web] = [c for _, c in containers() if c["name"] == "web"]
    hosts = of_kind("ConfigMap")["elistit"]["data"]["ELISTIT_HOSTS"].split(",")
    probes = [web[p]["httpGet"] for p in ("startupProbe", "livenessProbe", "readinessProbe")]
    assert [p["path"] for p in probes] == ["/healthz", "/healthz", "/readyz?pages"]
    for probe in probes:
        resolve(probe["path"].partition("?")[0])
        assert {h["name"]: h["value"] for h in probe["httpHeaders"]}["Host"] in hosts
        assert probe["port"] in [p["name"] for p in web["ports"]]
    [asked] = re.findall(r"http://([\d.]+):8000(/\w+)", compose()["services"]["web"]["healthcheck"]["test"][-1])
    resolve(asked[1])
    assert asked[0] in compose()["services"]["web"]["environment"]["ELISTIT_HOSTS"]


def test_a_worker_is_given_longer_to_stop_than_it_may_take() -> None:
    own = int(of_kind("ConfigMap")["elistit"]["data"]["ELISTIT_STOP_SECONDS"])
    assert pods()["elistit-worker"]["spec"]["terminationGracePeriodSeconds"] >= own + 20
    worker = compose()["services"]["worker"]
    assert int(worker["stop_grace_period"].rstrip("s")) >= int(worker["environment"]["ELISTIT_STOP_SECONDS"]) + 20


def test_two_pieces_of_heavy_work_fit_into_a_workers_memory() -> None:
    [worker] = [c for _, c in containers() if c["name"] == "worker"]
    task = int(of_kind("ConfigMap")["elistit"]["data"]["ELISTIT_TASK_MEMORY_MB"])
    at_once = int(worker["args"][worker["args"].index("--concurrency") + 1])
    assert task * at_once + 1024 <= int(worker["resources"]["limits"]["memory"].removesuffix("Gi")) * 1024


def test_tables_are_made_before_pages_and_workers_start() -> None:
    for name in ("web", "worker"):
        assert compose()["services"][name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert compose()["services"]["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert compose()["services"]["migrate"]["restart"] == "no"


def test_nothing_runs_as_root_and_nothing_writes_where_it_need_not() -> None:
    users = [rest for word, rest in dockerfile() if word == "USER"]
    assert users == ["10001:10001"]
    for name, pod in pods().items():
        security = pod["spec"]["securityContext"]
        assert security["runAsNonRoot"] is True and security["runAsUser"] == 10001, name
        assert pod["spec"]["automountServiceAccountToken"] is False
        for container in pod["spec"]["containers"]:
            own = container["securityContext"]
            assert own["readOnlyRootFilesystem"] and not own["allowPrivilegeEscalation"]
            assert own["capabilities"] == {"drop": ["ALL"]}
            assert {m["mountPath"] for m in container["volumeMounts"]} == {"/data", "/tmp"}
            assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]["cpu"]
    for service in services_of_ours().values():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]


def test_images_have_plain_names_and_one_version() -> None:
    images = [c["image"] for _, c in containers()] + [s["image"] for s in compose()["services"].values()]
    images += [rest.split()[0] for word, rest in dockerfile() if word == "FROM"]
    assert all(PLAIN_IMAGE.fullmatch(i) for i in images), images
    assert {i for i in images if i.startswith("elistit:")} == {f"elistit:{elistit.__version__}"}


def test_selectors_find_their_pods_and_a_budget_leaves_room_to_move() -> None:
    for name, deployment in of_kind("Deployment").items():
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"] == labels
        budget = of_kind("PodDisruptionBudget")[name]["spec"]
        assert budget["selector"]["matchLabels"] == labels
        assert budget["minAvailable"] < deployment["spec"]["replicas"]
        assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert of_kind("Service")["elistit-web"]["spec"]["selector"] == pods()["elistit-web"]["metadata"]["labels"]


def test_the_image_is_made_of_files_that_are_there_and_not_left_out() -> None:
    rules = [r for r in (ROOT / ".dockerignore").read_text().splitlines() if r and not r.startswith("#")]
    kept = {r[1:] for r in rules if r.startswith("!")}
    assert rules[0] == "*"
    copied = [rest.split()[:-1] for word, rest in dockerfile() if word == "COPY" and not rest.startswith("--from")]
    sources = {source for line in copied for source in line}
    assert sources == kept
    assert all((ROOT / source).exists() for source in sources)
    assert not any(word == "ADD" for word, _ in dockerfile())

"""The Helm chart, rendered by Helm's own engine: valid by the schemas of Kubernetes, and by default what the plain manifests say."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import pytest
import yaml
from helm_python.chart import Chart, lint, values_from_yaml

from elistit import __version__
from elistit.cli import environment
from tests.deploy.test_files import DEPLOY, KNOWN, KUBERNETES, SECRET, objects, parses

CHART = DEPLOY / "helm" / "elistit"
VALUES = sorted((Path(__file__).parent / "helm_values").glob("*.yaml"))
Object = dict[str, Any]


def values(file: Path) -> Object:
    return values_from_yaml(file.read_text())


def render(given: Object, name: str = "elistit", revision: int = 1) -> list[Object]:
    """The objects of a release, from Helm; `NOTES.txt` is text and no object."""
    with Chart.load(CHART) as chart:
        chart.validate_schema(given)
        files = chart.render(given, name=name, namespace="studio", revision=revision)
    documents = [text for file, text in files.items() if file.endswith(".yaml")]
    return [found for text in documents for found in yaml.safe_load_all(text) if found]


def named(found: list[Object]) -> dict[tuple[str, str], Object]:
    assert len({(o["kind"], o["metadata"]["name"]) for o in found}) == len(found)
    return {(o["kind"], o["metadata"]["name"]): o for o in found}


def meaning(found: Object) -> Object:
    """An object without what only a release has: its own labels, what starts pods again, the revision in a Job's name."""
    plain = copy.deepcopy(found)
    plain["metadata"]["name"] = plain["metadata"]["name"].removesuffix("-1")

    def strip(part: object) -> None:
        if isinstance(part, dict):
            for of_release in (
                "app.kubernetes.io/instance",
                "app.kubernetes.io/version",
                "app.kubernetes.io/managed-by",
            ):
                part.pop(of_release, None)
            part.pop("helm.sh/chart", None)
            part.pop("elistit/config", None)
            # What Kubernetes does with an image of a fixed version where nothing is said.
            if part.get("imagePullPolicy") == "IfNotPresent":
                del part["imagePullPolicy"]
            for inner in part.values():
                strip(inner)
            if part.get("annotations") == {}:
                del part["annotations"]
        elif isinstance(part, list):
            for inner in part:
                strip(inner)

    strip(plain)
    return plain


def test_the_engine_is_helm_itself() -> None:
    assert helm_python.helm_sdk_version().lstrip("v").startswith("4.")


def test_the_chart_is_of_this_version_and_lints_clean() -> None:
    with Chart.load(CHART) as chart:
        assert chart.metadata["version"] == chart.metadata["appVersion"] == __version__
    report = lint(CHART, {}, strict=True, namespace="studio")
    assert report["errors"] == []
    assert [m for m in report["messages"] if m["severity"] > 1] == []


@pytest.mark.parametrize("file", VALUES, ids=lambda f: f.stem)
def test_what_is_rendered_is_valid_by_the_schemas_of_kubernetes(file: Path) -> None:
    found = render(values(file))
    assert {"ConfigMap", "Deployment", "Service"} <= {o["kind"] for o in found}
    for one in found:
        kubernetes_validate.validate(one, KUBERNETES, strict=True)


def test_a_wrong_object_would_be_refused() -> None:
    wrong = render({"worker": {"resources": {"requests": {}, "limits": {}}, "affinity": {"nodeAfinity": {}}}})
    with pytest.raises(kubernetes_validate.ValidationError):
        for one in wrong:
            kubernetes_validate.validate(one, KUBERNETES, strict=True)


def test_the_defaults_mean_what_the_plain_manifests_mean() -> None:
    plain = named([o for o in objects() if o["kind"] != "Secret"])
    chart = named([meaning(o) for o in render({})])
    assert set(chart) == set(plain)
    for key, wanted in plain.items():
        assert chart[key] == wanted, key


@pytest.mark.parametrize("file", VALUES, ids=lambda f: f.stem)
def test_every_setting_is_one_the_product_reads_and_its_value_is_right(file: Path) -> None:
    [config] = [o["data"] for o in render(values(file)) if o["kind"] == "ConfigMap"]
    assert set(config) <= KNOWN and not set(config) & SECRET
    secret = {"ELISTIT_SECRET_KEY": "x" * 50, "DATABASE_URL": "postgresql://u:p@db/n"}
    secret |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    assert environment.problems({**config, **secret}) == []


@pytest.mark.parametrize("file", VALUES, ids=lambda f: f.stem)
def test_every_command_is_one_of_the_product_and_is_given_time_to_stop(file: Path) -> None:
    found = named(render(values(file)))
    for one in found.values():
        if one["kind"] in ("Job", "Deployment"):
            [container] = one["spec"]["template"]["spec"]["containers"]
            parses(container["args"])
    pod = found["Deployment", "elistit-worker"]["spec"]["template"]["spec"]
    stop = int(found["ConfigMap", "elistit"]["data"]["ELISTIT_STOP_SECONDS"])
    assert pod["terminationGracePeriodSeconds"] == stop + 30


@pytest.mark.parametrize("file", VALUES, ids=lambda f: f.stem)
def test_two_releases_share_no_name_and_no_pod(file: Path) -> None:
    mine, other = named(render(values(file), "elistit")), named(render(values(file), "second"))
    assert not set(mine) & set(other)
    for found, release in ((mine, "elistit"), (other, "second")):
        for one in found.values():
            if one["kind"] in ("Deployment", "PodDisruptionBudget"):
                labels = one["spec"]["selector"]["matchLabels"]
                assert labels["app.kubernetes.io/instance"] == release
            if one["kind"] == "Deployment":
                assert labels.items() <= one["spec"]["template"]["metadata"]["labels"].items()
    refs = {e["configMapRef"]["name"] for o in other.values() if o["kind"] == "Deployment"
            for e in o["spec"]["template"]["spec"]["containers"][0]["envFrom"] if "configMapRef" in e}  # fmt: skip
    assert refs == {"second-elistit"} <= {name for kind, name in other if kind == "ConfigMap"}


def test_one_replica_has_no_budget_that_would_keep_its_node_from_being_drained() -> None:
    kinds = [o["kind"] for o in render(values(CHART.parents[2] / "tests/deploy/helm_values/small.yaml"))]
    assert "PodDisruptionBudget" not in kinds and "Ingress" in kinds
    assert [o["kind"] for o in render({})].count("PodDisruptionBudget") == 2


def test_pods_start_again_when_a_setting_changes_and_only_then() -> None:
    def mark(given: Object, revision: int) -> str:
        found = named(render(given, revision=revision))
        annotations: dict[str, str] = found["Deployment", "elistit-web"]["spec"]["template"]["metadata"]["annotations"]
        return annotations["elistit/config"]

    assert mark({}, 1) == mark({}, 2) != mark({"config": {"ELISTIT_DB_POOL": "5"}}, 2)


def test_each_revision_migrates_with_a_job_of_its_own() -> None:
    jobs = [[o["metadata"]["name"] for o in render({}, revision=n) if o["kind"] == "Job"] for n in (1, 2)]
    assert jobs == [["elistit-migrate-1"], ["elistit-migrate-2"]]


@pytest.mark.parametrize(
    "wrong",
    [
        *({"config": {name: "x"}} for name in sorted(SECRET)),
        {"config": {"ELISTIT_STOP_SECONDS": "9"}},
        {"config": {"PATH": "/x"}},
        {"replicas": 3},
        {"web": {"replicas": 0}},
        {"host": "https://studio.example"},
        {"ingress": {"enabled": True}},
    ],
    ids=str,
)
def test_values_that_are_wrong_or_secret_are_refused(wrong: Object) -> None:
    with pytest.raises(helm_python.HelmError):
        render(wrong)

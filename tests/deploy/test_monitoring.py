"""The alert rules and the dashboard ask for metrics that /metrics really has, in words its parser understands."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from elistit import ports
from elistit.chain.models import ProviderCall, ProviderPause
from elistit.maintenance import tasks
from elistit.maintenance.models import TaskState
from elistit.runtime import engine
from elistit.support import metrics
from tests.conformance.conftest import World

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "monitoring"
RULES, DASHBOARD = FOLDER / "alerts.yml", FOLDER / "grafana-dashboard.json"
OF_PROMETHEUS = {"up"}
"""What Prometheus itself says of a target."""
GRAFANA = {"$__rate_interval": "5m"}


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text())["panels"]
    return found


def expressions() -> dict[str, str]:
    asked = {rule["alert"]: rule["expr"] for rule in rules()}
    for panel in panels():
        for target in panel["targets"]:
            text = target["expr"]
            for name, value in GRAFANA.items():
                text = text.replace(name, value)
            asked[f"{panel['title']} {target['refId']}"] = text
    return asked


def selectors(node: Any) -> Iterator[Any]:
    """Every vector selector of a parsed expression."""
    if isinstance(node, promql.VectorSelector):
        yield node
    for name in ("expr", "lhs", "rhs", "vs", "vector_selector", "args"):
        inner = getattr(node, name, None)
        for one in inner if isinstance(inner, list | tuple) else [inner]:
            if one is not None and not isinstance(one, str):
                yield from selectors(one)


@pytest.fixture
def exposed(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, str]]]:
    """Every sample /metrics has in a studio where something of each kind has happened: its labels, by name."""
    clock = ports.FixedClock()
    with ports.use_clock(clock):
        world = World(clock)
        monkeypatch.setattr(engine, "queue", world.engine)
        job = world.job(world.to_gate())
        facts = {"provider": "p", "model": "m", "cost_micros": 1, "outcome": "not_kept", "state": "answered"}
        ProviderCall.objects.create(key="k", job=job, **facts)
        ProviderPause.objects.create(provider="p", reason="Paused")
        for task in tasks.all_tasks():
            TaskState.objects.create(name=task.name, last_success_at=ports.now())
        found: dict[str, list[dict[str, str]]] = {}
        for family in text_string_to_metric_families(metrics.text().decode()):
            for sample in family.samples:
                found.setdefault(sample.name, []).append(dict(sample.labels))
            found.setdefault(family.name, [])
    return found


def test_every_metric_and_label_asked_for_is_exposed(exposed: dict[str, list[dict[str, str]]]) -> None:
    asked = set()
    for where, text in expressions().items():
        found = list(selectors(promql.parse(text)))
        assert found, where
        for selector in found:
            asked.add(selector.name)
            if selector.name in OF_PROMETHEUS:
                continue
            assert selector.name in exposed, f"{where}: {selector.name}"
            samples = exposed[selector.name]
            for matcher in selector.matchers.matchers:
                # A queue has samples only where the engine's own tables are there.
                if samples:
                    assert any(matcher.name in labels for labels in samples), f"{where}: {matcher.name}"
    assert len(asked) > 20


def test_a_task_named_in_a_rule_is_one_there_is() -> None:
    named = set(re.findall(r'task="([^"]+)"', RULES.read_text()))
    assert named == {"backup", "audit"} <= {task.name for task in tasks.all_tasks()}


def test_every_metric_of_ours_is_on_the_dashboard(exposed: dict[str, list[dict[str, str]]]) -> None:
    shown = {
        s.name
        for panel in panels()
        for t in panel["targets"]
        for s in selectors(promql.parse(t["expr"].replace("$__rate_interval", "5m")))
    }
    ours = {
        re.sub(r"_total$", "", name)
        for name in exposed
        if name.startswith("elistit_") and not name.endswith("_created")
    }
    assert ours == {re.sub(r"_total$", "", name) for name in shown}


def test_every_rule_says_what_happened_and_what_to_do() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names) >= 12
    for rule in rules():
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert set(rule["annotations"]) == {"summary", "description"}


def test_every_panel_has_its_place_and_its_words() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not taken & cells and max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
        assert all(target["legendFormat"] for target in panel["targets"])
    assert len({panel["id"] for panel in panels()}) == len(panels())


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool isn't installed (Debian: prometheus)")
def test_promtool_takes_the_rules() -> None:
    done = subprocess.run(
        ["promtool", "check", "rules", str(RULES)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

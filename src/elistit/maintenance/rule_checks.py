"""The last results of the two checks of the rules, stored for the fairness page: the audit of the ledger, and the simulator.

The audit is stored whenever it runs (`elistit audit`, and once a day while the fairness page is on); a simulation when
requested (`elistit simulate --record`). It must never judge: it stores what the checks found.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from elistit import config, ports
from elistit.credits import audit
from elistit.maintenance.models import CheckResult
from elistit.maintenance.task import Run

AUDIT, SIMULATE = "audit", "simulate"
AUDIT_EVERY = dt.timedelta(days=1)


def page_is_on() -> bool:
    """Whether the operator has opened the fairness page to the public (`ELISTIT_FAIRNESS_PAGE=on`)."""
    return config.current().people.fairness_page == "on"


def keep_audit(report: dict[str, Any]) -> None:
    """Store the result of an audit (`credits.audit.run`), replacing the previous one."""
    wrong = sum(1 for check in report["checks"] if not check["ok"])
    _keep(AUDIT, ok=bool(report["ok"]), checked=len(report["checks"]), violations=wrong)


def keep_simulation(found: dict[str, Any]) -> None:
    """Store the result of a simulation, replacing the previous one. Raises KeyError for anything else."""
    _keep(
        SIMULATE,
        ok=not found["violations"],
        checked=int(found["projects"]),
        violations=len(found["violations"]),
        seed=int(found["first_seed"]),
    )


def _keep(name: str, **found: Any) -> None:
    CheckResult.objects.update_or_create(name=name, defaults={"at": ports.now(), "seed": None, **found})


def audit_due(run: Run | None = None) -> int:
    """Audit the ledger when the fairness page is on and the last audit is a day old. Returns how many audits were done."""
    if not page_is_on():
        return 0
    last = CheckResult.objects.filter(name=AUDIT).first()
    if last is not None and ports.now() - last.at < AUDIT_EVERY:
        return 0
    (run or Run()).act()  # Auditing takes long.
    keep_audit(audit.run())
    return 1

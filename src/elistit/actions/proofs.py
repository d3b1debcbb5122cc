"""The proof of how a project was made: what the studio recorded about it, in one signed document (rules §9).

What no longer exists is left out and named. It must never contain the operator's costs, a secret, or another seller's
data.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction

import elistit
from elistit import ports
from elistit.accounts import proof_keys
from elistit.accounts.models import User
from elistit.accounts.vault import Unreadable
from elistit.chain.models import Attempt, ProviderCall
from elistit.credits import statement
from elistit.credits.chain import stamp
from elistit.projects import gate, proof, rounds
from elistit.projects.errors import NotFound, NotPossible
from elistit.projects.models import Item, Job, Project, Storyboard
from elistit.projects.states import ItemState, Stage

NOT_INCLUDED = [
    "What providers charged the operator.",
    "The files themselves: only their SHA-256, size and name.",
]


def file_name(project: Project) -> str:
    """The name of the file."""
    return f"proof-of-making-{project.pk}.json"


def of_owner(owner: User, public_id: str) -> Project:
    """The owner's project, even a deleted one: its records are kept. Raises NotFound."""
    project = Project.objects.filter(pk=public_id, owner=owner).first()
    if project is None:
        raise NotFound("There is no such project.")
    return project


def signed(project: Project) -> bytes:
    """The signed proof of a project as a file (`projects.proof`). Each call creates a new one with the current time.
    Raises NotPossible when the studio's signing key can't be read."""
    with transaction.atomic():
        body = _body(project)
    try:
        by = proof_keys.sign(proof.message(body))
    except Unreadable:
        raise NotPossible(
            "This studio can't sign proofs right now: its signing key can't be read. Tell the operator."
        ) from None
    signature = {
        "algorithm": proof_keys.ALGORITHM, "key_id": by.key_id, "public_key": by.public_key, "value": by.value,
    }  # fmt: skip
    return proof.to_bytes({"format": proof.FORMAT, "body": body, "signature": signature})


def published_keys() -> dict[str, Any]:
    """The document with every public key this studio has signed with."""
    return {
        "format": proof.KEYS_FORMAT,
        "keys": [
            {
                "key_id": key.pk, "algorithm": proof_keys.ALGORITHM, "public_key": key.public_key,
                "created_at": stamp(key.created_at), "retired_at": stamp(key.retired_at) if key.retired_at else None,
            }
            for key in proof_keys.published()
        ],
    }  # fmt: skip


def _body(project: Project) -> dict[str, Any]:
    launch = gate.launch_job(project)
    items = list(gate.items_of(project))
    jobs = list(project.jobs.select_related("quote").order_by("public_id"))
    return {
        "studio": {"address": settings.BASE_URL, "version": elistit.__version__},
        "made_at": stamp(ports.now()),
        "project": _project(project),
        "storyboard": _storyboard(launch),
        "items": _items(launch, items),
        "approval": _approval(launch, items),
        "jobs": [_job(job) for job in jobs],
        "attempts": [_attempt(a) for a in Attempt.objects.filter(job__in=jobs).order_by("id")],
        "provider_calls": [_call(c) for c in ProviderCall.objects.filter(job__in=jobs).order_by("sent_at", "key")],
        "files": [_file(f) for f in project.files.order_by("role", "name", "round", "path")],
        "ledger": statement.of_project(project.owner_id, project.pk),
        "left_out": [*NOT_INCLUDED, *_gone(project, launch)],
    }


def _gone(project: Project, launch: Job) -> list[str]:
    """What existed once and no longer does, in words."""
    found = []
    if project.stage == Stage.DELETED:
        found.append(
            "The project was deleted: its files no longer exist, and those named here are the ones that were made."
        )
    elif project.files_deleted_at:
        found.append(f"Its finished files were deleted on {stamp(project.files_deleted_at)[:10]}.")
    if not Storyboard.objects.filter(pk=launch.quote_id).exists():
        found.append("The storyboard: this project was launched before storyboards were kept.")
    return found


def _project(project: Project) -> dict[str, Any]:
    return {
        "public_id": project.pk, "name": project.name, "product": project.product, "idea": project.idea,
        "options": project.options, "words": project.words, "ratio": project.ratio, "count": project.count,
        "model": project.model, "mode": project.mode, "failover": project.failover, "seed": str(project.seed),
        "confirmed_names": [m["name"] for m in project.trademarks or []], "title": str(project.brief.get("title") or ""),
        "own_scene": project.scene.name if project.scene else "", "stage": str(project.stage),
        "created_at": stamp(project.created_at),
        "deleted_at": stamp(project.deleted_at) if project.deleted_at else None,
    }  # fmt: skip


def _storyboard(launch: Job) -> dict[str, Any] | None:
    board = Storyboard.objects.filter(pk=launch.quote_id).first()
    if board is None:
        return None
    return {
        "quote": board.pk, "order_digest": board.digest, "title": board.title,
        "not_drawn": [str(word) for word in board.not_drawn],
        "items": [{"subject": str(i.get("subject", "")), "prompt": str(i.get("prompt", ""))} for i in board.items],
    }  # fmt: skip


def _items(launch: Job, items: list[Item]) -> list[dict[str, Any]]:
    made = rounds.of_job(launch, items)
    return [
        {
            "number": item.number, "subject": item.subject, "prompt": item.prompt, "state": str(item.state),
            "model": gate.maker_of(launch.project, item), "kept_round": item.art.get("made_round"), "reason": item.reason,
            "source": str(item.art.get("redraw", {}).get("source", "")),
            "rounds": [
                {
                    "number": r.number, "why": str(r.why), "state": str(r.state), "prompt": r.prompt, "subject": r.subject,
                    "flags": [str(f.get("code", "")) for f in r.flags], "credits": r.charged, "refunded": r.returned,
                }
                for r in made[item.number]
            ],
        }
        for item in items
    ]  # fmt: skip


def _approval(launch: Job, items: list[Item]) -> dict[str, Any]:
    def numbers(*states: ItemState) -> list[int]:
        return [i.number for i in items if i.state in states]

    return {
        "reached_at": stamp(launch.gate_reached_at) if launch.gate_reached_at else None,
        "kept": numbers(ItemState.MADE), "dropped": numbers(ItemState.DROPPED),
        "not_made": numbers(ItemState.BLOCKED, ItemState.FAILED),
    }  # fmt: skip


def _job(job: Job) -> dict[str, Any]:
    return {
        "public_id": job.pk, "kind": str(job.kind), "status": str(job.status), "quote": job.quote_id,
        "created_at": stamp(job.created_at), "ended_at": stamp(job.ended_at) if job.ended_at else None,
        "failure": job.failure_reason,
    }  # fmt: skip


def _attempt(a: Attempt) -> dict[str, Any]:
    return {
        "job": a.job_id, "stage": a.stage, "item": a.item, "round": a.round, "number": a.number, "note": a.note,
        "started_at": stamp(a.started_at), "ended_at": stamp(a.ended_at) if a.ended_at else None, "outcome": a.outcome,
        "reason": a.reason,
    }  # fmt: skip


def _call(c: ProviderCall) -> dict[str, Any]:
    return {
        "key": c.key, "job": c.job_id, "item": c.item, "provider": c.provider, "model": c.model,
        "provider_id": c.provider_id, "state": str(c.state), "outcome": c.outcome, "sent_at": stamp(c.sent_at),
        "answered_at": stamp(c.answered_at) if c.answered_at else None,
    }  # fmt: skip


def _file(f: Any) -> dict[str, Any]:
    return {
        "name": f.name, "role": f.role, "item": f.item, "round": f.round, "bytes": f.bytes, "sha256": f.sha256,
        "width": f.width, "height": f.height, "dpi": f.dpi, "source_type": f.source_type, "created_at": stamp(f.created_at),
    }  # fmt: skip

"""Acting on projects from their list and their pages: rename, labels, archive, favorites, and several at once.

Every action is a form and works without JavaScript. What can be undone is done at once and offered to be undone; what
costs, loses or continues work shows one page first that says exactly what will happen, and does that or nothing.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from elistit.accounts.models import User
from elistit.actions import organizing, upload_kit
from elistit.actions.organizing import Changed, Step
from elistit.delivery.store import StoreFailure
from elistit.projects import organizing as rules
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.models import Project
from elistit.studio import undo
from elistit.studio.views import access, project_list
from elistit.studio.views.files import safe_name

KITS_MAX = 1_000_000_000
"""Most bytes of upload kits in one ZIP; more are downloaded one by one."""
STEPS: dict[str, Callable[..., list[Step]]] = {
    "approve": organizing.approvals,
    "delete": organizing.deletions,
    "retry": organizing.draft_retries,
    "kits": organizing.kits,
}
"""The bulk actions that show a page first, and what they would do."""


def _many(n: int) -> str:
    return "1 project" if n == 1 else f"{n:,} projects"


def _back(request: HttpRequest, default: str = "") -> HttpResponse:
    """To the page the form was on: `back`, an address of this studio, else the list."""
    return redirect(_safe(request.POST.get("back", "")) or default or reverse("projects"))


def _safe(address: str) -> str:
    return address if address.startswith("/") and url_has_allowed_host_and_scheme(address, None) else ""


def _do(request: HttpRequest, action: Callable[[], list[str]], message: str, undone_by: str, **more: Any) -> None:
    """Do something that can be undone, say it, and offer to undo exactly what changed."""
    changed: list[str] = []
    if reason := access.refusal(lambda: changed.extend(action())):
        messages.error(request, reason)
    elif not changed:
        messages.info(request, "Nothing changed.")
    else:
        undo.offer(request, message.format(_many(len(changed))), undone_by, changed, **more)


def _simple(request: HttpRequest, action: str, ids: list[str]) -> bool:
    """Do one of the actions that can be undone. False: it is none of them."""
    owner, label = access.person(request), request.POST.get("label", "")
    if action in ("archive", "unarchive"):
        yes = action == "archive"
        message = "{} archived." if yes else "{} back in the list."
        _do(request, lambda: organizing.archive(owner, ids, yes=yes), message, "unarchive" if yes else "archive")
    elif action in ("favorite", "unfavorite"):
        yes = action == "favorite"
        message = "{} added to favorites." if yes else "{} removed from favorites."
        _do(request, lambda: organizing.favorite(owner, ids, yes=yes), message, "unfavorite" if yes else "favorite")
    elif action in ("add-label", "remove-label"):
        add = action == "add-label"
        change, inverse = (organizing.add_label, "remove_label") if add else (organizing.remove_label, "add_label")
        message = "Label added to {}." if add else "Label removed from {}."
        _do(request, lambda: change(owner, ids, label), message, inverse, label=label.strip())
    else:
        return False
    return True


@login_required
@require_POST
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    """An action on one project: `act` is rename, archive, unarchive, favorite, unfavorite, add-label or remove-label."""
    project = access.standing_project(request, public_id)
    here = reverse("project", args=[public_id])
    if request.POST.get("act") == "rename":
        before = project.name
        if reason := access.refusal(
            lambda: organizing.rename(access.person(request), public_id, request.POST.get("name", ""))
        ):
            messages.error(request, reason)
        else:
            undo.offer(request, "Project renamed.", "rename", [public_id], name=before)
    elif not _simple(request, request.POST.get("act", ""), [public_id]):
        messages.error(request, "Choose what to do.")
    return _back(request, here)


@login_required
@require_POST
def undo_it(request: HttpRequest) -> HttpResponse:
    """Undo what was offered on the page before."""
    reason = ""
    try:
        undo.take(access.person(request), request.POST.get("undo", ""))
    except (NotFound, NotPossible) as refused:
        reason = str(refused)
    except InvalidSpec as refused:
        reason = " ".join(refused.errors.values())
    if reason:
        messages.error(request, reason)
    else:
        messages.success(request, "Undone.")
    return _back(request)


@login_required
@require_POST
def filters(request: HttpRequest) -> HttpResponse:
    """Save the filter the list is under (`name`, `query`), or remove a saved one (`remove`)."""
    owner = access.person(request)
    if (pk := request.POST.get("remove", "")).isdecimal():
        _remove_filter(request, owner, int(pk[:12]))
        return _back(request)
    query = project_list.Wanted.of(QueryDict(request.POST.get("query", "")[:600])).query
    access.attempt(request, lambda: rules.save_filter(owner, request.POST.get("name", ""), query), "Filter saved.")
    return redirect(f"{reverse('projects')}?{query}" if query else "projects")


def _remove_filter(request: HttpRequest, owner: User, pk: int) -> None:
    removed: list[tuple[str, str]] = []
    if access.attempt(request, lambda: removed.append(rules.remove_filter(owner, pk))):
        name, query = removed[0]
        undo.offer(request, f"Filter “{name}” removed.", "filter", [], name=name, query=query)


# ---- several at once --------------------------------------------------------------------------------------------------------


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse | FileResponse:
    """An action on every project that is selected (`ids`). Without `confirmed`, one that needs it is shown first."""
    ids, action = request.POST.getlist("ids"), request.POST.get("act", "")
    if not ids:
        messages.error(request, "Select one or more projects first.")
        return _back(request)
    if len(ids) > organizing.MOST:
        messages.error(request, f"Select at most {organizing.MOST} projects at a time.")
        return _back(request)
    if _simple(request, action, ids):
        return _back(request)
    if action not in STEPS:
        messages.error(request, "Choose what to do with the selected projects.")
        return _back(request)
    if action == "kits":
        return _kits(request, ids)
    if request.POST.get("confirmed") != action:
        return _confirm(request, action, ids)
    try:
        _carry_out(request, action, ids)
    except Changed as changed:
        return _confirm(request, action, ids, str(changed))
    return _back(request)


def _confirm(request: HttpRequest, action: str, ids: list[str], notice: str = "") -> HttpResponse:
    steps = STEPS[action](access.person(request), ids)
    doing = [s for s in steps if not s.refusal]
    shown = {
        "act": action,
        "steps": steps,
        "doing": doing,
        "refused": [s for s in steps if s.refusal],
        "total": sum(s.number for s in doing),
        "returning": sum(s.returning for s in doing),
        "one_zip": action == "kits" and sum(s.number for s in doing) <= KITS_MAX,
        "back": _safe(request.POST.get("back", "")),
        "notice": notice,
    }
    return render(request, "studio/bulk.html", shown, status=409 if notice else 200)


def _carry_out(request: HttpRequest, action: str, ids: list[str]) -> None:
    owner, seen = access.person(request), request.POST.getlist("seen")
    refused: list[Step] = []
    if action == "delete":
        done = organizing.delete_all(owner, ids, seen)
        words = "{} deleted."
    elif action == "approve":
        done, refused = organizing.approve_all(owner, ids, seen)
        words = "{} approved. Work continues."
    else:
        done, refused = organizing.retry_drafts(owner, ids, seen)
        words = "Retrying the drafts of {}. This is free."
    if done:
        messages.success(request, words.format(_many(len(done))))
    for step in refused:
        messages.error(request, f"“{step.project.name}”: {step.refusal}")


def _kits(request: HttpRequest, ids: list[str]) -> HttpResponse | FileResponse:
    """The upload kits: a page of links, or with `zip` all of them in one ZIP."""
    steps = [s for s in organizing.kits(access.person(request), ids) if not s.refusal]
    if "zip" not in request.POST or not steps or sum(s.number for s in steps) > KITS_MAX:
        return _confirm(request, "kits", ids)
    try:
        return _zip_of_kits([s.project for s in steps])
    except (NotPossible, StoreFailure) as lost:
        reason = lost.failure.reason if isinstance(lost, StoreFailure) else str(lost)
        return _confirm(request, "kits", ids, reason)


def _zip_of_kits(projects: list[Project]) -> FileResponse:
    """Every kit as its own ZIP in one ZIP, made as it is asked for. Raises NotPossible, StoreFailure."""
    folder = Path(settings.DATA_DIR) / "work"
    folder.mkdir(parents=True, exist_ok=True)
    # An open file without a name: gone with the answer, whatever happens.
    made = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
    try:
        with (
            tempfile.TemporaryDirectory(dir=folder, prefix="kits-") as place,
            zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as all_of_them,
        ):
            for number, project in enumerate(projects, start=1):
                out = Path(place) / "kit.zip"
                upload_kit.write(project, out)
                entry = zipfile.ZipInfo(safe_name(f"{number:03} {project.name}.zip"), (2000, 1, 1, 0, 0, 0))
                with out.open("rb") as source, all_of_them.open(entry, "w") as target:
                    shutil.copyfileobj(source, target)
    except BaseException:
        made.close()
        raise
    made.seek(0)
    return FileResponse(made, as_attachment=True, filename="upload-kits.zip", content_type="application/zip")

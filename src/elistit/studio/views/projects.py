"""The pages of one project: overview, downloads, activity, delete.

Pages are read from the tables and `actions.queries`; the only action here is deleting. `live` is the part of the overview
that asks for itself every two seconds while something runs.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_safe

from elistit.actions import calendar, commands, finished_files, print_sizes, queries
from elistit.credits import ledger, prices, samples
from elistit.delivery.models import DriveCopy, FilesAgain
from elistit.maintenance import retention
from elistit.projects import buyer_link, gate, organizing
from elistit.projects.further_jobs import print_ready_lines
from elistit.projects.models import FileRole, Listing, Project
from elistit.projects.states import ItemState, Stage
from elistit.stages import facts
from elistit.studio import estimate, showing
from elistit.studio.views import access

# The order in which a buyer's files are shown: what a seller hands over first.
DRIVE_FOLDERS = "https://drive.google.com/drive/folders/"
DOWNLOAD_GROUPS = (
    (FileRole.ZIP, "Delivery ZIP", "Everything the buyer gets, ready for an Etsy listing."),
    (
        FileRole.DOWNLOAD,
        "Download for your buyers",
        "Too large for Etsy: buyers download these with the link on the product card.",
    ),
    (FileRole.MOCKUP, "Mockups", "Upload these as the photos of your listing."),
    (FileRole.VIDEO, "Listing video", "Etsy plays it with the photos of your listing, without sound."),
    (FileRole.PRINT, "Print-ready images", "Each image separately, at full size."),
    (FileRole.VECTOR, "Vector files", "Sharp at every size."),
    (FileRole.SHEET, "Sheets", "Stickers on pages to print with their cut lines, or patterns at their real size."),
    (FileRole.CUT, "Cut lines", "For cutting machines."),
    (
        FileRole.MAKER,
        "Files for makers",
        "Sheets by color with registration marks, one-color silhouettes and DXF in millimeters.",
    ),
    (FileRole.CARD, "Product card", "Instructions and facts for the buyer."),
    (FileRole.LICENCES, "Licenses of the artwork", "The source of each image."),
    (FileRole.IMAGE, "Images as generated", "The images before they were made print-ready."),
    (
        FileRole.RECEIVED,
        "Originals with content credentials",
        "As the provider sent them, with its signed C2PA manifest.",
    ),
)

DOCUMENTS = ("Documents to print", "They contain pixel images, so print them at their original size.")


def frame(project: Project, tab: str) -> dict[str, Any]:
    """What every tab of a project needs: the heading, the stage line, the tabs, and the files that count."""
    job = access.launch_job(access.with_jobs(project))
    files = queries.current_files(project)
    return {
        "project": project,
        "job": job,
        "tab": tab,
        # Read where it is shown: the live part does without it.
        "labels": SimpleLazyObject(lambda: organizing.labels_of([project.pk])[project.pk]),
        "stage_line": showing.parts(queries.stage_line(project, job)),
        "active": project.stage in showing.ACTIVE_STAGES,
        "current_files": files,
        "file_count": sum(1 for f in files if f.role != FileRole.PREVIEW),
    }


def live_part(shared: dict[str, Any]) -> dict[str, Any]:
    """What changes while a project runs, added to its frame: progress, the grid of items, the failure and the money."""
    project, job, active = shared["project"], shared["job"], shared["active"]
    rows = showing.ledger_rows(project)
    grid = showing.plates(project, job, files=shared["current_files"], rows=rows)
    money = ledger.jobs_money([j.pk for j in project.jobs.all()])
    failure = queries.failure_words(project) if project.stage == Stage.FAILED else None
    listing: Listing | None = getattr(project, "listing", None) if project.stage == Stage.COMPLETED else None
    drafted = listing.draft if listing else ""
    return {
        **shared,
        "plates": [p for p in grid if not p.dropped],
        "dropped": [p for p in grid if p.dropped],
        "single": grid[0] if len(grid) == 1 and grid[0].picture and not grid[0].pending and not grid[0].lost else None,
        "listing": listing,
        "drafted": drafted,
        "planned": calendar.planned(project) if drafted in calendar.OPEN else None,
        "rejected": showing.rejected(project) if drafted == Listing.Draft.FAILED else "",
        "quotes": showing.quotes(project),
        "made": sum(1 for p in grid if p.kept),
        "ready": sum(1 for p in grid if p.item.processed_at is not None and p.kept),
        "lost": [p for p in grid if p.lost],
        "mockups": [] if active else [f for f in shared["current_files"] if f.role == FileRole.MOCKUP],
        "set_try": showing.set_try(project, job) if active else None,
        "estimate": estimate.remaining(project, job) if active else None,
        "silence": showing.silence(project),
        "no_worker": active and not showing.worker_awake(),
        "failure": failure,
        "print_ready_price": _print_ready_price(project),
        "now": showing.steps(project, failure["now"]) if failure else [],
        "rows": rows,
        "who_paid": samples.words(project.owner_id, project.pk, sum(m.net for m in money.values())),
        "charged": sum(m.charged for m in money.values()),
        "refunded": sum(m.refunded for m in money.values()),
        "net": sum(m.net for m in money.values()),
    }


def _print_ready_price(project: Project) -> int | None:
    """What making a waiting design print-ready costs; None for other projects, and where its model is no longer sold."""
    if project.stage != Stage.DESIGN_READY:
        return None
    try:
        return prices.total(print_ready_lines(project))
    except KeyError:
        return None


@login_required
@require_safe
def overview(request: HttpRequest, public_id: str) -> HttpResponse:
    project = access.own_project(request, public_id)
    if project.stage == Stage.DELETED:
        quotes = showing.quotes(access.with_jobs(project))
        context = {"project": project, "rows": showing.ledger_rows(project), "quotes": quotes}
        return render(request, "studio/deleted.html", context)
    shown = live_part(frame(project, "overview"))
    return render(request, "studio/overview.html", shown)


@login_required
@require_safe
def live(request: HttpRequest, public_id: str) -> HttpResponse:
    """The living part of the overview, with the balance and the number of files. Without htmx it is a stray address and leads to the page itself."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("project", public_id)
    project = access.own_project(request, public_id)
    if project.stage == Stage.DELETED:
        response = HttpResponse()
        response["HX-Redirect"] = "/"
        return response
    response = render(request, "studio/_live_swap.html", live_part(frame(project, "overview")))
    patch_cache_control(response, no_store=True)
    return response


def _cutting(project: Project) -> list[dict[str, Any]]:
    """How each drawing cuts, in words, with what is too small to cut at its size."""
    items = gate.items_of(project).filter(state=ItemState.MADE).order_by("number")
    return [
        {"number": item.number, "subject": item.subject, **item.art["cutting"]}
        for item in items
        if item.art.get("cutting")
    ]


@login_required
@require_safe
def downloads(request: HttpRequest, public_id: str) -> HttpResponse:
    project = access.standing_project(request, public_id)
    shared = frame(project, "downloads")
    files = sorted(shared["current_files"], key=lambda f: (f.item or 0, f.name))
    thumbs = {f.item: f for role in (FileRole.IMAGE, FileRole.PREVIEW) for f in files if f.role == role}
    groups: list[dict[str, Any]] = []
    pixels = facts.with_pixels(project, [f for f in files if f.role == FileRole.VECTOR])
    for role, title, about in DOWNLOAD_GROUPS:
        rows = [{"file": f, "thumb": thumbs.get(f.item) if f.item else None} for f in files if f.role == role]
        if role == FileRole.VECTOR:
            # A PDF or SVG around an image of pixels is no vector file, whatever its ending.
            documents = [r for r in rows if r["file"].name in pixels]
            rows = [r for r in rows if r not in documents]
            if documents:
                groups.append({"role": "document", "title": DOCUMENTS[0], "about": DOCUMENTS[1], "rows": documents})
        if rows:
            notes = _cutting(project) if role == FileRole.MAKER else []
            groups.append({"role": role, "title": title, "about": about, "rows": rows, "notes": notes})
    done = project.stage == Stage.COMPLETED
    context = {
        **shared,
        "groups": groups,
        "video_poster": next((f for f in files if f.role == FileRole.MOCKUP), None),
        "files": files,
        "trial": queries.trial(project),
        "drive": (copy := DriveCopy.objects.filter(pk=project.pk).first()),
        "drive_folder": f"{DRIVE_FOLDERS}{copy.folder_id}" if copy else "",
        "again": FilesAgain.objects.filter(project=project.pk).order_by("-round").first(),
        "let_go": finished_files.files_are_gone(project),
        "has_kit": done and any(f.role == "zip" for f in files),
        "may_make_again": done,
        "may_print": print_sizes.available(project),
        "keep_days": retention.keep_days(),
        "buyer_link": buyer_link.address(project.pk) if any(f.role == FileRole.DOWNLOAD for f in files) else "",
    }
    return render(request, "studio/downloads.html", context)


@login_required
@require_safe
def activity(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every attempt in plain words, newest first."""
    project = access.standing_project(request, public_id)
    entries = list(reversed(queries.activity(project)))
    return render(request, "studio/activity.html", {**frame(project, "activity"), "entries": entries})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET says exactly how many credits will not come back (rules §5.4); POST deletes.

    When that number has changed between the two, nothing is deleted and the page says the new one.
    """
    project = access.standing_project(request, public_id)
    loss = queries.loss_on_delete(project)
    changed = False
    if request.method == "POST":
        changed = request.POST.get("loss") != str(loss)
        if not changed:
            done = access.attempt(
                request,
                lambda: commands.delete(access.person(request), public_id),
                f"“{project.name}” was deleted.",
            )
            return redirect("projects") if done else redirect("project", public_id)
    pictures = showing.cover_pictures([project])[project.pk]
    context = {
        "project": project, "loss": loss, "changed": changed, "pictures": pictures,
        "sample": dict(zip(("given", "own"), samples.split(project.owner_id, project.pk, loss), strict=True)),
    }  # fmt: skip
    return render(request, "studio/delete.html", context, status=409 if changed else 200)

"""Takes a finished demo's files out of its store and has every promise checked, files, listing, draft and books.

The files are read back as a buyer would; nothing is believed because a table says so. Changes no project.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elistit.cli.demo_files import Check, Picture

if TYPE_CHECKING:
    from elistit.accounts.models import User
    from elistit.projects.models import Job, Project

MARK = ".elistit-demo"
# Where files of each role go in the demo's folder.
FOLDERS = {
    "print": "images", "vector": "vectors", "cut": "cut-lines", "maker": "makers", "sheet": "sheets", "mockup": "mockups", "zip": "",
    "download": "download", "card": "", "licences": "",
}  # fmt: skip
# What the buyer gets, beside the card that travels inside the ZIPs.
BUYER_ROLES = ("print", "vector", "cut", "maker", "sheet")
TRADEMARK = (
    "The term 'Etsy' is a trademark of Etsy, Inc. This application uses the Etsy API but is not endorsed or certified "
    "by Etsy, Inc."
)


@dataclass
class Result:
    """What a demo leaves: the folder, and every promise with whether it held. `others` are the buyer's files that are no
    images to print."""

    project: dict[str, Any]
    checks: list[Check]
    pictures: list[Picture]
    others: list[Path]
    zips: list[Path]
    downloads: list[Path]
    ledger: list[dict[str, Any]]
    audit: dict[str, Any]
    draft: dict[str, Any] | None
    seconds: float


def collect(project: Project, owner: User, out: Path, sandbox: Any, seconds: float) -> Result:
    """Copy the files out, read them back, and check every promise. Of a project that failed there are no files to
    check, only that every credit came back."""
    from elistit.actions import queries
    from elistit.chain.models import Attempt
    from elistit.cli.books import store_check
    from elistit.cli.credits import row
    from elistit.credits import audit, ledger

    project.refresh_from_db()
    document = queries.describe(project)
    jobs = list(project.jobs.order_by("public_id").select_related("quote"))
    checks = [stage_check(document, jobs, queries.activity(project))]
    if not checks[0].ok:
        # What only the operator sees, and the demo's operator is reading.
        last = Attempt.objects.filter(job__project=project).exclude(detail="").order_by("id").last()
        checks[0].problems += [f"Detail: {last.detail.strip().splitlines()[-1]}"] if last else []
    copied: dict[str, list[Path]] = {role: [] for role in FOLDERS}
    pictures: list[Picture] = []
    draft = None
    if checks[0].ok:
        copied = copy_files(project, out)
        more, pictures, draft = check_files(project, document, copied, out, sandbox)
        checks += more
    books = audit.run(store_check())
    broken = [str(v) for c in books["checks"] for v in c["violations"]]
    checks.append(Check("books", bool(books["ok"]), f"{len(books['checks'])} checks", broken))
    checks.append(money_check(jobs, owner.pk))
    rows = [row(r) for r in reversed(ledger.history(owner.pk, limit=1000))]
    others = [f for role in BUYER_ROLES[1:] for f in copied[role]]
    return Result(document, checks, pictures, others, copied["zip"], copied["download"], rows, books, draft, seconds)


def check_files(
    project: Project, document: dict[str, Any], copied: dict[str, list[Path]], out: Path, sandbox: Any
) -> tuple[list[Check], list[Picture], dict[str, Any] | None]:
    """Check the copied files of a finished project, its listing and its draft. Writes the listing's text beside them."""
    from elistit.cli import demo_files, demo_products
    from elistit.projects import buyer_link
    from elistit.projects.models import Listing

    order = demo_products.Order(project.product, project.ratio, expected_images(document))
    found, own = demo_products.check(order, copied)
    written = Listing.objects.get(project=project)
    (out / "listing.txt").write_text(listing_text(written), encoding="utf-8")
    draft = next((d for d in sandbox.drafts() if str(d.get("listing_id")) == written.draft_id), None)
    # The card travels inside the ZIPs, so that the draft's five places are left to the parts.
    inside = [f for role in (*BUYER_ROLES, "card", "licences") for f in copied[role]]
    names = [str(f.relative_to(out)) for group in copied.values() for f in group]
    (out / MARK).write_text("\n".join([*names, "listing.txt"]), encoding="utf-8")
    checks = [
        *own,
        demo_files.zips(copied["zip"], [f.name for f in inside], copied["download"]),
        demo_files.card(next(iter(copied["card"]), None), buyer_link.address(project.pk) if copied["download"] else ""),
        demo_products.mockups(order, copied["mockup"]),
        demo_files.listing(written, copied["mockup"], copied["zip"]),
        demo_products.sizes_stated(written.description, found),
        demo_files.draft(draft, written.draft, len(copied["mockup"]), len(copied["zip"])),
    ]
    return checks, found, draft


def stage_check(document: dict[str, Any], jobs: list[Job], activity: list[dict[str, Any]]) -> Check:
    """Whether the project came to its good end; when not, why, with the last attempts."""
    statuses = [str(job.status) for job in jobs]
    ok = document["stage"] == "completed" and set(statuses) == {"SUCCEEDED"}
    why = [f"{entry['at'][11:19]} {entry['text']}" for entry in activity[-5:]] if not ok else []
    return Check("project", ok, f"{document['stage']}, {_jobs(len(jobs))} {', '.join(statuses)}", why)


def _jobs(count: int) -> str:
    return "job" if count == 1 else f"{count} jobs"


def expected_images(document: dict[str, Any]) -> int:
    """Every image that was ordered, less those that were lost and refunded (rules §5.6); none may be missing silently."""
    lost = [i for i in document["items"] if i["state"] in ("blocked", "failed") and i["refunded"]]
    return len(document["items"]) - len(lost)


def money_check(jobs: list[Job], owner_id: int) -> Check:
    """Each job was charged the total of its quote and nothing else was; what is left is what came in less what was charged
    and kept. A poster has two jobs: the design and the print file (rules §4)."""
    from elistit.credits import ledger

    rows = ledger.history(owner_id, limit=1000)
    problems = []
    charged = refunded = 0
    for job in jobs:
        money = ledger.job_money(job.pk)
        charged, refunded = charged + money.charged, refunded + money.refunded
        if money.charged != job.quote.total:
            problems.append(f"{money.charged} credits were charged for a job quoted at {job.quote.total}.")
        if money.refunded > money.charged:
            problems.append(f"{money.refunded} credits were refunded of {money.charged} that were charged.")
    came_in = sum(r.amount for r in rows if r.type not in ("SPEND_CREDIT", "REFUND_CREDIT"))
    balance = ledger.balance(owner_id)
    if balance != came_in - charged + refunded:
        problems.append(f"The balance is {balance}; {came_in} came in, {charged} were charged, {refunded} returned.")
    if rows and rows[0].balance_after != sum(r.amount for r in rows):
        problems.append("The last balance is not the sum of the rows.")
    quoted = " + ".join(str(job.quote.total) for job in jobs)
    return Check(
        "credits", not problems, f"quoted {quoted}, charged {charged}, refunded {refunded}, balance {balance}", problems
    )


def copy_files(project: Project, out: Path) -> dict[str, list[Path]]:
    """Copy what the buyer and the listing get into `out`, by role."""
    from django.conf import settings

    from elistit.actions import queries
    from elistit.delivery.store import open_store

    store = open_store(settings.STORAGE_URL)
    copied: dict[str, list[Path]] = {role: [] for role in FOLDERS}
    for file in queries.current_files(project):
        if file.role not in FOLDERS:
            continue
        target = out / FOLDERS[file.role] / file.name
        target.parent.mkdir(exist_ok=True)
        with contextlib.closing(store.open(file.path)) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        copied[file.role].append(target)
    return copied


def listing_text(written: Any) -> str:
    from elistit.listings import currencies

    return "\n".join(
        [
            written.title,
            "",
            f"Price: {currencies.get(written.currency).shown(written.price_cents)}",
            f"Tags: {', '.join(written.tags)}",
            "",
            written.description,
            "",
            TRADEMARK,
            "",
        ]
    )

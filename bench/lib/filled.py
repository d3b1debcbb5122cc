"""A studio with one seller who has many projects, for the measurements of its pages.

Rows are written as the product's own code would leave them, except that only the newest projects are charged: a page of the credit
history shows fifty transactions, and a row of the ledger takes longer to write than a project.
"""

from __future__ import annotations

SELLER = "bench@example.com"
CHARGED = 200
PRICE = 16
FILES = 12


def fill(count: int) -> str:
    """Give the seller so many finished projects of twelve images; the public id of the newest. Django has to be set up."""
    from elistit import ports
    from elistit.accounts.models import User
    from elistit.credits import ledger, prices, quotes
    from elistit.projects.models import Item, Job, Listing, Project, ProjectFile

    owner = User.objects.get(email=SELLER)
    lines = prices.quote_lines("sticker", "builtin/kawaii", FILES)
    quote = quotes.freeze(owner.pk, "sticker", "builtin/kawaii", FILES, lines)
    ledger.grant(owner.pk, CHARGED * PRICE + 100, source="bench", idempotency_key="bench", reason="For the measurement")
    newest: list[Job] = []
    for start in range(0, count, 500):
        projects, jobs, items, listings, files = [], [], [], [], []
        for n in range(start, min(count, start + 500)):
            project = Project(
                public_id=ports.new_id(), owner=owner, name=f"Project {n}", product="sticker", idea="ocean animals", ratio="1:1",
                count=FILES, model="builtin/kawaii", seed=n, stage="completed", brief={"title": "T", "theme": "ocean"},
            )  # fmt: skip
            job = Job(
                public_id=ports.new_id(), project=project, quote=quote, idempotency_key=f"bench:{n}", request_digest="",
                status="SUCCEEDED",
            )  # fmt: skip
            projects.append(project)
            jobs.append(job)
            listings.append(Listing(project=project, text="written", title="T"))
            for k in range(1, FILES + 1):
                items.append(Item(job=job, number=k, state="made", price=1, subject="whale", art={"made_round": 0}))
                files.append(
                    ProjectFile(
                        project=project, job=job, item=k, role="preview", name=f"{k}.webp", path=f"projects/{project.pk}/{k}",
                        bytes=9, sha256="0" * 64, width=512, height=512,
                    )
                )  # fmt: skip
        for model, rows in ((Project, projects), (Job, jobs), (Listing, listings), (Item, items), (ProjectFile, files)):
            model.objects.bulk_create(rows)  # type: ignore[attr-defined]
        newest = [*newest, *jobs][-CHARGED:]
    for job in newest:
        ledger.spend(
            owner.pk, PRICE, job=job.pk, project=job.project_id, idempotency_key=job.pk, reason="Sticker set, 12 images"
        )
    return max(job.project_id for job in newest)

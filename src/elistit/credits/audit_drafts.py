"""Audit checks of Etsy drafts: one per project, in our rows and, with `--etsy`, in the shops.

Like the other checks, it only reads the tables of projects, by name. It must never contact a shop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from elistit.credits.audit_reading import Finding, HeldDraft, stream

DRAFTS = """
SELECT l.project_id, l.draft, l.draft_id, COALESCE(s.kept, 0), COALESCE(m.made, 0)
  FROM projects_listing l
  LEFT JOIN (SELECT draft_id, draft_url, COUNT(*) AS kept FROM projects_listing WHERE draft_id <> ''
              GROUP BY draft_id, draft_url) s ON s.draft_id = l.draft_id AND s.draft_url = l.draft_url
  LEFT JOIN (SELECT j.project_id, COUNT(*) AS made FROM pipeline_attempt a JOIN projects_job j ON j.public_id = a.job_id
              WHERE a.stage = 'drafting' AND a.outcome = 'made' GROUP BY j.project_id) m ON m.project_id = l.project_id
 WHERE l.draft = 'created' OR l.draft_id <> '' OR COALESCE(m.made, 0) > 0
"""


def drafts_are_single() -> Iterator[Finding]:
    """Per project with a draft: it has its Etsy id, one attempt created it, and no other project of a shop has the same id."""
    for project, state, draft, kept, made in stream(DRAFTS):
        if state == "created" and not draft:
            yield f"project {project} says its draft is on Etsy and has no id for it"
        elif state == "created" and not made:
            yield f"project {project} says its draft is on Etsy and no attempt made one"
        elif made > 1:
            yield f"the draft of project {project} was made by {made} attempts"
        else:
            yield None if kept <= 1 else f"draft {draft} is kept by {kept} projects, one of them {project}"


def shops_hold_one(held: Iterable[HeldDraft]) -> Iterator[Finding]:
    """Per draft with our mark: it is the only one with that mark, in its owner's shop, and the one our row names.

    A draft in our rows that no shop has is no violation: the seller may have published or deleted it. Neither is an
    unknown mark: a shop may also be connected to another installation.
    """
    seen: dict[str, str] = {}
    for found in held:
        if found.problem:
            yield f"the shop of owner {found.owner} couldn't be queried: {found.problem}"
            continue
        for owner, state, draft in stream(OURS, [found.project]):
            if found.project in seen:
                yield f"project {found.project} has the drafts {seen[found.project]} and {found.draft} on Etsy"
            elif owner != found.owner:
                yield f"draft {found.draft} of project {found.project} is in the shop of owner {found.owner}"
            elif state == "created" and draft != found.draft:
                yield f"project {found.project} names draft {draft}, and its shop holds {found.draft}"
            else:
                yield None
            seen.setdefault(found.project, found.draft)


OURS = """
SELECT p.owner_id, COALESCE(l.draft, ''), COALESCE(l.draft_id, '')
  FROM projects_project p LEFT JOIN projects_listing l ON l.project_id = p.public_id WHERE p.public_id = %s
"""


CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {"each project has at most one draft": drafts_are_single}

"""Help: the index with its search, and the articles. Readable without signing in, and without JavaScript.

For a seller who is signed in the pages offer **Get help** with their newest projects; nothing else depends on who reads.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from elistit.accounts.models import User
from elistit.projects.models import Project
from elistit.projects.states import Stage
from elistit.studio import help_articles
from elistit.studio.help_articles import ARTICLES, QUERY_MAX

OFFERED = 3
"""Projects a reader is offered help with: failed ones first, then the newest."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every article, and what was found for `q`."""
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:QUERY_MAX]
    context = {
        "query": query,
        "results": help_articles.search(query),
        "articles": ARTICLES.values(),
        "ask": _projects(request),
    }
    return render(request, "studio/help_index.html", context)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article. `project` in the address is the reader's own project they came from; another's is ignored."""
    found = ARTICLES.get(slug)
    if found is None:
        raise Http404
    project = _from(request)
    ask = [project] if project else _projects(request)
    body = help_articles.body(found, {"ask": ask})
    context = {"article": found, "body": body, "sections": help_articles.sections(body), "project": project}
    return render(request, "studio/help_article.html", context)


def _own(request: HttpRequest) -> int | None:
    person = request.user
    return int(person.pk) if isinstance(person, User) and person.is_authenticated else None


def _projects(request: HttpRequest) -> list[Project]:
    owner = _own(request)
    if owner is None:
        return []
    own = Project.objects.filter(owner_id=owner)
    failed = list(own.filter(stage=Stage.FAILED).order_by("-public_id")[:OFFERED])
    others = own.exclude(stage__in=(Stage.FAILED, Stage.DELETED)).order_by("-public_id")[: OFFERED - len(failed)]
    return [*failed, *others]


def _from(request: HttpRequest) -> Project | None:
    owner, wanted = _own(request), request.GET.get("project", "").replace("\x00", "")[:26]
    return Project.objects.filter(pk=wanted, owner_id=owner).first() if owner and wanted else None

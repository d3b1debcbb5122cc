"""Settings → Keywords: search terms with their volume, imported from the CSV files of keyword tools."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from elistit.listings import keyword_list, keywords
from elistit.studio.views import access

SHOWN = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """GET: the keywords, most searched first. POST: import a file. A file that can't be read keeps nothing and is explained."""
    owner = access.person(request)
    error = ""
    if request.method == "POST":
        sent = request.FILES.get("file")
        try:
            if sent is None:
                raise keywords.BadFile("Choose a CSV file first.")
            # One byte more than may be read, so that a larger file is refused without being read whole.
            done = keyword_list.add_file(owner, sent.read(keywords.BYTES_MAX + 1))
        except keywords.BadFile as bad:
            error = str(bad)
        else:
            message = f"{done.added:,} {'keyword' if done.added == 1 else 'keywords'} added, {done.updated:,} updated."
            messages.success(request, " ".join([message, *done.notes]))
            return redirect("keywords")
    context = {
        "error": error,
        "rows": keyword_list.of(owner.pk, SHOWN),
        "count": keyword_list.count(owner.pk),
        "shown": SHOWN,
        "kept_max": keyword_list.KEPT_MAX,
    }
    return render(request, "studio/keywords.html", context, status=422 if error else 200)


@login_required
@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    deleted = keyword_list.clear(access.person(request))
    messages.success(request, f"{deleted:,} {'keyword' if deleted == 1 else 'keywords'} deleted.")
    return redirect("keywords")

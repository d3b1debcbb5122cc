"""Templates of the launch form: save what is on the form, and Settings → Templates to use, rename and delete them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from elistit.actions import uploads
from elistit.projects import form_templates
from elistit.projects.errors import InvalidSpec, NotFound, NotPossible
from elistit.projects.products import Product
from elistit.studio import undo
from elistit.studio.views import access, launch_presets
from elistit.studio.views.launch_form import LaunchForm
from elistit.studio.views.launch_page import priced


@login_required
@require_POST
def duplicate(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form filled in with a project's order. The seller's own images are copied for it, as far as they are still there."""
    owner, filled = access.person(request), LaunchForm.like(request, public_id)
    if filled.values["product"] != Product.CUSTOM:
        return redirect(f"{reverse('new')}?like={public_id}")
    notice = ""
    try:
        copied, lost = uploads.copy_of(owner, access.own_project(request, public_id))
        filled.uploads = [upload.pk for upload in copied]
        if lost:
            many = "1 image" if lost == 1 else f"{lost} images"
            notice = f"{many} of this project can't be copied anymore. Add them again."
    except NotPossible as refused:
        filled.uploads, notice = [], str(refused)
    return priced(request, filled, notice=notice)


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The seller's templates."""
    rows = [
        {"pk": t.pk, "name": t.name, "product": t.fields.get("product", ""), "idea": t.fields.get("idea", "")}
        for t in form_templates.of(access.person(request))
    ]
    return render(request, "studio/templates.html", {"templates": rows})


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the fields of the form as a template. The form comes back with everything that was typed; nothing is charged."""
    typed, key = LaunchForm.typed(request), request.POST.get("key", "")
    key, name = key if access.KEY.fullmatch(key) else "", request.POST.get("template_name", "")
    fields = launch_presets.fields_of(typed, with_idea=request.POST.get("template_idea") == "on")
    try:
        row, new = form_templates.save(access.person(request), name, fields)
    except (InvalidSpec, NotPossible) as refused:
        typed.errors = refused.errors if isinstance(refused, InvalidSpec) else {"template_name": str(refused)}
        return priced(request, typed, key=key, status=422)
    return priced(request, typed, key=key, notice=f"Template “{row.name}” {'saved' if new else 'replaced'}.")


@login_required
@require_POST
def change(request: HttpRequest, template_id: str) -> HttpResponse:
    """`act`: rename a template or delete it, and offer to undo that."""
    owner = access.person(request)
    if request.POST.get("act") == "delete":
        try:
            name = form_templates.delete(owner, template_id)
        except NotFound as missing:
            raise Http404 from missing
        undo.offer(request, f"Template “{name}” deleted.", "template", [template_id])
    else:
        before: list[str] = []
        typed = request.POST.get("name", "")
        if access.attempt(request, lambda: before.append(form_templates.rename(owner, template_id, typed))):
            undo.offer(request, "Template renamed.", "template_name", [template_id], name=before[0])
    return redirect("templates")

"""Settings → Integrations: connecting Etsy shops, naming them, why a connection ended, and forgetting one.

What a consent needs on our side waits in the session, is used once and never reaches the browser. A page offers only
what this installation can really do: no shop without the operator's keystring, no practice shop without a sandbox on
this machine.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from elistit.accounts.consent import Authorization
from elistit.actions import shops as acting
from elistit.delivery.google_drive.config import GoogleConfig
from elistit.delivery.models import DriveAccount
from elistit.listings import templates
from elistit.listings.etsy import connect as etsy
from elistit.listings.etsy import practice, shops
from elistit.listings.etsy.config import EtsyConfig
from elistit.listings.etsy.terms import TRADEMARK_NOTICE
from elistit.listings.templates import Template
from elistit.projects.errors import InvalidSpec, NotFound
from elistit.studio.headers import POLICY
from elistit.studio.views import access

STARTED = "etsy_consent"
TYPED_MAX = 200
WORDS_TYPED_MAX = 8_000


@login_required
@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    config = EtsyConfig.from_environment()
    context = {
        "shops": shops.of_owner(access.person(request).pk),
        "label_max": etsy.LABEL_MAX,
        "sandbox": practice.address(),
        "ready": config.ready,
        "trademark": TRADEMARK_NOTICE,
        "drive": DriveAccount.objects.filter(owner_id=access.person(request).pk).first(),
        "drive_ready": (google := GoogleConfig.from_environment()).ready,
    }
    response = render(request, "studio/integrations.html", context)
    # The button leads through our own address to Etsy's consent page, and browsers hold a form to where it ends up.
    consents = [urlsplit(url) for url in (config.auth_url, *([google.auth_url] if google.ready else []))]
    response["Content-Security-Policy"] = POLICY.replace(
        "form-action 'self'", " ".join(["form-action 'self'", *(f"{c.scheme}://{c.netloc}" for c in consents)])
    )
    return response


@login_required
@require_POST
@sensitive_variables("started")
def connect(request: HttpRequest) -> HttpResponse:
    """Begin a consent and send the seller to Etsy; on a practice sandbox, which has no page to go to, finish it at once."""
    if here := practice.address():
        try:
            again = request.POST.get("shop", "")
            if again.isdecimal() or request.POST.get("another"):
                shop = etsy.connect_another(access.person(request), here, int(again) if again.isdecimal() else 0)
            else:
                shop = etsy.connect_sandbox(access.person(request), here)
        except etsy.NotConnected as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"The practice shop {shop} is connected.")
        return redirect("integrations")
    try:
        started = etsy.begin(settings.BASE_URL + reverse("etsy-back"))
    except etsy.NotConnected as refused:
        messages.error(request, str(refused))
        return redirect("integrations")
    request.session[STARTED] = started.as_dict()
    return redirect(started.url)


@login_required
@require_safe
@never_cache
@sensitive_variables("started", "kept")
def back(request: HttpRequest) -> HttpResponse:
    """Where Etsy sends the seller afterwards. What was kept is used up, whatever the answer is."""
    kept = request.session.pop(STARTED, None)
    if not isinstance(kept, dict):
        messages.error(request, "This sign-in was not started here, or is already complete. Connect your shop again.")
        return redirect("integrations")
    started = Authorization(**kept)
    try:
        shop = etsy.connect(
            access.person(request), started, code=request.GET.get("code", "")[:2000],
            state=request.GET.get("state", "")[:200], error=request.GET.get("error", "")[:80],
        )  # fmt: skip
    except etsy.NotConnected as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{shop} is connected.")
    return redirect("integrations")


@login_required
@require_POST
def disconnect(request: HttpRequest, shop_id: int) -> HttpResponse:
    if etsy.disconnect(access.person(request), shop_id):
        messages.success(request, "Your shop is disconnected and our access is deleted. Drafts on Etsy stay there.")
    return redirect("integrations")


@login_required
@never_cache
def template(request: HttpRequest, shop_id: int) -> HttpResponse:
    """The listing template of one shop. POST: keep it; what is wrong comes back beside its field."""
    owner = access.person(request)
    try:
        shop = acting.own(owner, str(shop_id))
    except NotFound as missing:
        raise Http404 from missing
    kept, errors = acting.template(owner, str(shop_id)), dict[str, str]()
    if request.method == "POST":
        typed = request.POST
        number = typed.get("section", "").strip()
        kept = Template(
            typed.get("title_opening", "")[:TYPED_MAX], typed.get("title_closing", "")[:TYPED_MAX],
            typed.get("opening", "")[:WORDS_TYPED_MAX], typed.get("closing", "")[:WORDS_TYPED_MAX],
            tuple(typed.get("tags", "")[:WORDS_TYPED_MAX].split(",")),
            int(number) if number.isdecimal() and len(number) < 16 else -1 if number else 0,
            typed.get("who_made", "")[:20], typed.get("renews") == "on",
        )  # fmt: skip
        try:
            acting.save_template(owner, str(shop_id), kept)
        except InvalidSpec as invalid:
            errors = invalid.errors
        else:
            messages.success(request, "The template is saved. Listings written from now on use it.")
            return redirect("shop-template", shop_id)
    context = {
        "shop": shop, "template": kept, "errors": errors, "tags": ", ".join(t.strip() for t in kept.tags if t.strip()),
        "section": "" if kept.section <= 0 else str(kept.section), "who_made": templates.WHO_MADE, "part_max": templates.PART_MAX,
        "words_max": templates.WORDS_MAX,
    }  # fmt: skip
    return render(request, "studio/shop_template.html", context, status=422 if errors else 200)


@login_required
@require_POST
def change(request: HttpRequest, shop_id: int) -> HttpResponse:
    """Name a shop, or make it the default for new projects."""
    owner = access.person(request)
    default = request.POST.get("act") == "default"
    label = None if default else request.POST.get("label", "")[:TYPED_MAX]
    try:
        acting.change(owner, str(shop_id), label=label, default=default)
    except NotFound as missing:
        raise Http404 from missing
    except InvalidSpec as invalid:
        messages.error(request, str(invalid))
    else:
        done = "New projects go to {}." if default else "This shop is called {} now."
        messages.success(request, done.format(acting.own(owner, str(shop_id))))
    return redirect("integrations")

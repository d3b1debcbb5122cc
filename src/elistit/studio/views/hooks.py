"""Where providers tell us that work of theirs has ended. Only what is signed is read; the rest is `purchases.provider_webhooks`."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from elistit.purchases import provider_webhooks

LARGEST_MESSAGE = 1_000_000


@csrf_exempt
@require_POST
def replicate(request: HttpRequest, key: str) -> JsonResponse:
    """Replicate's messages about one call. 403 for what is not signed or too old, 503 for what must come again because it
    cannot be judged now, 200 for everything else, also for what changed nothing."""
    if int(request.headers.get("content-length") or 0) > LARGEST_MESSAGE:
        return JsonResponse({"error": "Too large."}, status=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        return JsonResponse({"result": provider_webhooks.receive(key, headers, request.body)})
    except provider_webhooks.NotHere:
        return JsonResponse({"error": "This studio has no account with Replicate."}, status=404)
    except provider_webhooks.Forged:
        return JsonResponse({"error": "Not signed by Replicate, or not lately."}, status=403)
    except provider_webhooks.NoSecret:
        return JsonResponse({"error": "This can't be checked now. Send it again."}, status=503)

"""A listing in further languages over the API. Free; only where the studio has a language model."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Path

from elistit.accounts.models import ApiKey
from elistit.actions import translations
from elistit.api import keys
from elistit.api.problems import INVALID, MALFORMED, NOT_FOUND, NOT_POSSIBLE
from elistit.api.routes.describing import operation
from elistit.api.routes.parameters import PublicId, own
from elistit.api.shapes.translations import TranslationRequest, Translations

router = Router(tags=["Projects"])

Language = Annotated[str, Path(pattern=r"^[a-z]{2}$", description="The language code, such as `de`.")]


@operation(router, "GET", "/projects/{public_id}/translations", Translations, NOT_FOUND)
def list_translations(request: HttpRequest, public_id: PublicId) -> dict[str, Any]:
    """The listing in the languages that were asked for."""
    return {"items": translations.of(own(request, public_id))}


@operation(
    router, "POST", "/projects/{public_id}/translations", Translations, NOT_FOUND, INVALID, MALFORMED, NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)  # fmt: skip
def request_translations(request: HttpRequest, public_id: PublicId, body: TranslationRequest) -> dict[str, Any]:
    """Ask for the listing in further languages. Free. They are uploaded to the draft when they are written.

    What failed or was made from an earlier text is translated again; asking again changes nothing else.
    """
    project = own(request, public_id)
    translations.request(keys.owner(request), project.pk, body.languages)
    return {"items": translations.of(project)}


@operation(
    router, "POST", "/projects/{public_id}/translations/{language}/retry", Translations, NOT_FOUND, INVALID, NOT_POSSIBLE,
    action=ApiKey.Action.LISTING,
)  # fmt: skip
def retry_translation(request: HttpRequest, public_id: PublicId, language: Language) -> dict[str, Any]:
    """Make a failed translation again. Free."""
    project = own(request, public_id)
    translations.retry(keys.owner(request), project.pk, language)
    return {"items": translations.of(project)}

"""A typed client for the API of an Elistit studio: `Studio` makes the requests, `models` has what they take and answer."""

from elistit_client import models
from elistit_client.errors import StudioError
from elistit_client.studio import RESTING, Saved, Studio

__all__ = ["RESTING", "Saved", "Studio", "StudioError", "models"]

"""What all models of the API have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A JSON object of the API. Fields this version doesn't know are kept."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

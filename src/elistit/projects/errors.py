"""What can be wrong with a request a person makes, as exceptions that carry one seller-readable sentence each."""

from __future__ import annotations


class InvalidSpec(Exception):
    """The order itself cannot be accepted. `errors` maps a field to one sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


class NotPossible(Exception):
    """The state of the project does not allow this action. The message is one sentence that says why; `status` is what a page
    answers with."""

    status = 409


class StudioFull(NotPossible):
    """The studio has no room to write. Nothing was changed; the same request works once the operator has made room."""

    status = 503


class KeyCap(NotPossible):
    """The API key's daily cap has no room for this. Nothing was written."""

    status = 403


class AboveMaximum(NotPossible):
    """A list costs more than its request allowed. Nothing was written."""


class DailyLimit(NotPossible):
    """The seller's daily limit has no room for this. Nothing was written."""

    status = 403


class NotFound(Exception):
    """No such project for this person."""

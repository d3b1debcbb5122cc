"""How a command ends early: exit codes, and the exceptions that carry one sentence a person can read.

It must never import anything of the product: the command line loads it first.
"""

from __future__ import annotations

from typing import Any

DONE, FAILED, BAD_INPUT = 0, 1, 2


class Refusal(Exception):
    """A command that ends here, for a reason a person can read. `extra` joins the error in the JSON answer."""

    exit_code = FAILED

    def __init__(self, sentence: str, **extra: Any) -> None:
        super().__init__(sentence)
        self.extra = extra


class Failed(Refusal):
    """The request was fine; it could not be done."""


class BadInput(Refusal):
    """The request, or the configuration, is wrong. Raised before anything is written."""

    exit_code = BAD_INPUT

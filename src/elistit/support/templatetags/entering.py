"""For the pages of signing in: what is offered here."""

from __future__ import annotations

import ipaddress
from typing import Any

from django import template
from django.forms import BoundField

from elistit.support import entering, identity

register = template.Library()
register.simple_tag(entering.offered, name="code_offered")
register.simple_tag(entering.sign_up_open, name="sign_up_open")
register.simple_tag(identity.button, name="identity_button")


@register.simple_tag(takes_context=True)
def passkeys_possible(context: dict[str, Any]) -> bool:
    """Whether browsers allow passkeys at this address: they want a name, not a number."""
    host = context["request"].get_host().rpartition(":")[0] or context["request"].get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
           ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip
"""Marks in what a browser says of itself, the telling ones first: most browsers also claim to be others."""


@register.filter
def browser_words(agent: str) -> str:
    """A browser and the machine it runs on, as its owner would say it: `Firefox on Windows`. What is unknown is shown as sent."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if browser and system else browser or system or agent[:90]


@register.filter
def bare(field: BoundField) -> str:
    """A field without a placeholder: its label says what it is, and stays when something is typed."""
    return field.as_widget(attrs={"placeholder": ""})

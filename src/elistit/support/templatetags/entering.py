"""For the pages of signing in: what is offered here."""

from __future__ import annotations

import ipaddress
from typing import Any

from django import template
from django.forms import BoundField

from elistit.support import entering

register = template.Library()
register.simple_tag(entering.offered, name="code_offered")
register.simple_tag(entering.sign_up_open, name="sign_up_open")


@register.simple_tag(takes_context=True)
def passkeys_possible(context: dict[str, Any]) -> bool:
    """Whether browsers allow passkeys at this address: they want a name, not a number."""
    host = context["request"].get_host().rpartition(":")[0] or context["request"].get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


@register.filter
def bare(field: BoundField) -> str:
    """A field without a placeholder: its label says what it is, and stays when something is typed."""
    return field.as_widget(attrs={"placeholder": ""})

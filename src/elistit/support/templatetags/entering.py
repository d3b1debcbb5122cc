"""For the sign-in page: whether entering by e-mail is set up here."""

from __future__ import annotations

from django import template

from elistit.support import entering

register = template.Library()
register.simple_tag(entering.offered, name="code_offered")
register.simple_tag(entering.sign_up_open, name="sign_up_open")

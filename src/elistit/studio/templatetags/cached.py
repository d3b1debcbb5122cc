"""Template tags for what stays the same as long as a process lives: addresses, and parts of a page that depend on nothing.

Built into every template (`settings.TEMPLATES`). Nothing of a person, a request or a project may ever get into what is kept here:
what `{% once %}` encloses is rendered without any variable, so that a name used in it by mistake is blank for everyone.
"""

from __future__ import annotations

import functools
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.text import Truncator

register = template.Library()

KEPT = 4096
"""Addresses that are kept, most of them of projects that were shown lately."""


@functools.lru_cache(maxsize=KEPT, typed=True)
def address_of(name: str, *arguments: str | int) -> SafeString:
    """An address of ours, escaped."""
    return conditional_escape(reverse(name, args=arguments))


class Address(URLNode):
    """Django's own `{% url %}`, which looks an address up once where that depends on nothing but its name and a few texts and
    whole numbers. An address of a namespace may depend on the page it is on."""

    def render(self, context: template.Context) -> str:
        if not (self.kwargs or self.asvar) and context.autoescape:
            name = self.view_name.resolve(context)
            arguments = [argument.resolve(context) for argument in self.args]
            if ":" not in name and all(isinstance(value, str | int) for value in arguments):
                return address_of(name, *arguments)
        return str(super().render(context))


@register.tag("url")
def address(parser: Parser, token: Token) -> Address:
    """`{% url %}`, as Django's."""
    node = parse_url(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, its end cut off when it is longer: Django's `truncatechars`."""
    return text if len(text) <= most and text.isascii() else str(Truncator(text).chars(most))


class Once(template.Node):
    """A part of a page that is rendered at its first use and kept."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self._text: SafeString | None = None

    def render(self, context: template.Context) -> SafeString:
        if self._text is None:
            alone: Any = template.Context(autoescape=context.autoescape)
            alone.template = context.template
            with alone.render_context.push_state(context.template):
                self._text = self.nodelist.render(alone)
        return self._text


@register.tag
def once(parser: Parser, _token: Token) -> Once:
    """`{% once %}…{% endonce %}`: rendered once for each process, without variables."""
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodelist)

"""Addresses and fixed parts of a page are looked up once, and are for everyone the same."""

from __future__ import annotations

import pytest
from django.template import engines
from django.urls import NoReverseMatch, reverse

PK = "01M8HS27JVFJRZ7PP78FX3N0PB"


def test_an_address_is_the_one_django_finds() -> None:
    template = engines["django"].from_string(
        "{% url 'project' pk %} {% url 'plate' pk n %} {% url name %} {% url 'admin:index' %} {% url 'nowhere' as there %}{{ there }}"
    )
    for _ in range(2):
        for n in (3, 4):
            assert template.render({"pk": PK, "n": n, "name": "billing"}).split() == [
                reverse("project", args=[PK]), reverse("plate", args=[PK, n]), reverse("billing"), reverse("admin:index"),
            ]  # fmt: skip


def test_an_address_that_there_is_not_is_an_error_each_time() -> None:
    template = engines["django"].from_string("{% url 'project' pk %}")
    for pk in ("", "x", '"><script>', "x"):
        with pytest.raises(NoReverseMatch):
            template.render({"pk": pk})


def test_what_is_rendered_once_knows_nothing_of_who_asked_first() -> None:
    template = engines["django"].from_string("{{ who }} {% once %}[{{ who }}{% url 'help' %}]{% endonce %}")
    made = [template.render({"who": who}) for who in ("Mara", "Ben")]
    assert made == [f"Mara [{reverse('help')}]", f"Ben [{reverse('help')}]"]

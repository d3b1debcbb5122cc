"""Sums of the console, which may be below zero."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def micros_signed(value: int) -> str:
    """Millionths of a dollar, to the cent where there are dollars: `$1.20`, `−$0.0042`, `$0`."""
    dollars = abs(value) / 1_000_000
    text = "$0" if not value else f"${dollars:,.2f}" if dollars >= 1 else f"${dollars:.4f}"
    return f"−{text}" if value < 0 else text

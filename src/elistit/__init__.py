"""Elistit: a self-hostable studio for Etsy sellers of digital products, fair under failure."""

__version__ = "0.1.0"

"""Recraft as an image provider, for pictures and vector drawings. See README.md in this folder."""

"""Recraft as an image provider, for images and vector drawings. See README.md in this folder."""

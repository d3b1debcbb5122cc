"""Replicate as an image provider. See README.md in this folder."""

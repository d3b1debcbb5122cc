"""A ComfyUI server of the operator's own as an image provider. See README.md in this folder."""

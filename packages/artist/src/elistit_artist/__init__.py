"""The built-in artist: figures, composed images and lettering, drawn by code; it knows nothing of the studio."""

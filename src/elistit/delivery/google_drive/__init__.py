"""Google Drive: a copy of a project's files in a folder of the seller's own, by the scope that sees only what we made."""

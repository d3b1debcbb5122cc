"""A database of plain dictionaries that stands behind the models while a history runs, so that the very rules run over it a
hundred times faster; whatever it does not understand it refuses aloud, and it must never answer by guessing."""

"""The planted faults: each spoils one thing in a good delivery, and is in `FAULTS` once its module is imported."""

from tests.trial.faults import archives, contents, drawings, images, pdfs, provenance
from tests.trial.planting import FAULTS

__all__ = ["FAULTS", "archives", "contents", "drawings", "images", "pdfs", "provenance"]

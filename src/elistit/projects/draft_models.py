"""Where the draft of a project goes. Its own table, so that projects of the version before go on without one.

Shops are known here by Etsy's number alone: a shop that is disconnected and connected again is the same shop. Nothing here asks
Etsy, and no secret is kept here.
"""

from __future__ import annotations

from django.db import models


class DraftPlan(models.Model):
    """The shop the draft of a project goes to: Etsy's number and the name it had when it was chosen.

    `sent_to` is the shop a draft was last sent to, 0 before anything was: a draft may be there, so it is asked before another
    shop gets one (`stages.drafting`). A project without a plan is of before there were several shops."""

    project = models.OneToOneField(
        "projects.Project", on_delete=models.PROTECT, primary_key=True, related_name="draft_plan"
    )
    shop = models.BigIntegerField()
    shop_name = models.CharField(max_length=80, default="", blank=True)
    sent_to = models.BigIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"draft of {self.project_id} in {self.shop_name or self.shop}"

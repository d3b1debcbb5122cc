"""Where the draft of a project goes. Its own table, so that projects of the version before continue without one.

Shops are known here by Etsy's number alone: a shop that is disconnected and connected again is the same shop. Nothing here asks
Etsy, and no secret is kept here.
"""

from __future__ import annotations

from django.db import models


class DraftPlan(models.Model):
    """The shop the draft of a project goes to: Etsy's number and the name it had when it was chosen.

    `sent_to` is the shop a draft was last sent to, 0 before anything was: a draft may be there, so it is asked before another
    shop gets one (`stages.drafting`). A project without a plan is of before there were several shops.

    `planned`: the draft waits for the shop's schedule (`actions.calendar`), since `planned_at`, for the chosen `day` or for the
    next one with room. `released_on` is the seller's day on which it last went out by the schedule."""

    project = models.OneToOneField(
        "projects.Project", on_delete=models.PROTECT, primary_key=True, related_name="draft_plan"
    )
    shop = models.BigIntegerField()
    shop_name = models.CharField(max_length=80, default="", blank=True)
    sent_to = models.BigIntegerField(default=0, db_default=0)
    planned = models.BooleanField(default=False, db_default=False)
    planned_at = models.DateTimeField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    released_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["shop"], condition=models.Q(planned=True), name="draft_planned"),
            models.Index(
                fields=["shop", "released_on"], condition=models.Q(released_on__isnull=False), name="draft_released"
            ),
        ]

    def __str__(self) -> str:
        return f"draft of {self.project_id} in {self.shop_name or self.shop}"

"""Every page of the studio. Each has a real address; those about a project carry its public id."""

from __future__ import annotations

from django.urls import path, re_path, register_converter

from elistit.studio.views import (
    billing,
    decision,
    entry,
    files,
    gate,
    integrations,
    keys,
    launching,
    listing,
    plans,
    projects,
    reference,
    welcome,
)
from elistit.studio.views.access import ULIDConverter

register_converter(ULIDConverter, "ulid")

urlpatterns = [
    path("enter/", entry.door, name="door"),
    re_path(r"^enter/(?P<token>[A-Za-z0-9_-]{8,200})/?$", entry.enter, name="enter"),
    path("leave/", entry.leave, name="leave"),
    path("", projects.index, name="projects"),
    path("new/", launching.form, name="new"),
    path("new/price/", launching.price, name="new-price"),
    path("new/uploads/", launching.pictures, name="new-uploads"),
    path("new/uploads/<ulid:upload_id>/", launching.own_picture, name="own-picture"),
    path("projects/<ulid:public_id>/", projects.overview, name="project"),
    path("projects/<ulid:public_id>/live/", projects.live, name="project-live"),
    path("projects/<ulid:public_id>/downloads/", projects.downloads, name="project-downloads"),
    path("projects/<ulid:public_id>/activity/", projects.activity, name="project-activity"),
    path("projects/<ulid:public_id>/delete/", projects.delete, name="project-delete"),
    path("projects/<ulid:public_id>/print-ready/", decision.page, name="print-ready"),
    path("projects/<ulid:public_id>/listing/", listing.page, name="project-listing"),
    path("projects/<ulid:public_id>/listing/retry-draft/", listing.retry_draft, name="retry-draft"),
    path("projects/<ulid:public_id>/listing/skip-draft/", listing.skip_draft, name="skip-draft"),
    path("projects/<ulid:public_id>/listing/write-again/", listing.write_again, name="write-again"),
    path("projects/<ulid:public_id>/approve/", gate.page, name="gate"),
    path("projects/<ulid:public_id>/items/<int:number>/", gate.plate, name="plate"),
    path("projects/<ulid:public_id>/items/<int:number>/keep/", gate.keep, name="keep"),
    path("projects/<ulid:public_id>/items/<int:number>/drop/", gate.drop, name="drop"),
    path("projects/<ulid:public_id>/items/<int:number>/remake/", gate.remake, name="remake"),
    path("projects/<ulid:public_id>/files/<int:pk>/", files.download, name="file"),
    path("projects/<ulid:public_id>/files/<int:pk>/<path:name>", files.download, name="file-named"),
    path("projects/<ulid:public_id>/pictures/<int:pk>/", files.picture, name="picture"),
    path("settings/billing/", billing.page, name="billing"),
    path("settings/billing/history.csv", billing.csv_export, name="billing-csv"),
    path("settings/billing/history.json", billing.json_export, name="billing-json"),
    path("settings/plans/", plans.page, name="plans"),
    path("settings/plans/buy/", plans.buy, name="plans-buy"),
    path("settings/plans/change/", plans.change, name="plans-change"),
    path("settings/plans/end/", plans.end, name="plans-end"),
    path("settings/plans/card/", plans.portal, name="plans-portal"),
    path("settings/plans/back/", plans.back, name="plans-back"),
    path("hooks/stripe/", plans.hook, name="stripe-hook"),
    path("settings/integrations/", integrations.page, name="integrations"),
    path("settings/integrations/etsy/connect/", integrations.connect, name="etsy-connect"),
    path("settings/integrations/etsy/disconnect/", integrations.disconnect, name="etsy-disconnect"),
    path("integrations/etsy/back/", integrations.back, name="etsy-back"),
    path("settings/keys/", keys.page, name="keys"),
    path("settings/keys/<int:pk>/revoke/", keys.revoke, name="key-revoke"),
    path("welcome/sample/", welcome.launch_sample, name="launch-sample"),
    path("prices/", reference.prices, name="prices"),
    path("help/credits/", reference.help_credits, name="help-credits"),
]

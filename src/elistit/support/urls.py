"""The operators' console, the settings of messages, and what machines ask."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from elistit.support.views import (
    acting,
    bulk,
    console,
    helping,
    identity,
    mails,
    money,
    operations,
    own_data,
    pushing,
    setup,
    team,
    updates,
)


class PublicId(StringConverter):
    """26 characters of Crockford's base 32."""

    regex = "[0-9A-HJKMNP-TV-Z]{26}"


register_converter(PublicId, "publicid")

console_urls = [
    path("console/", console.home, name="console"),
    path("console/live/", console.live, name="console-live"),
    path("console/record/", console.record, name="console-record"),
    path("console/margin/", money.margin, name="console-margin"),
    path("console/margin.csv", money.margin_csv, name="console-margin-csv"),
    path("console/team/", team.page, name="console-team"),
    path("console/team/role/", team.role, name="console-role"),
    path("console/team/limits/", team.limits, name="console-support-limits"),
    path("console/bulk/", bulk.page, name="console-bulk"),
    path("console/bulk/preview/", bulk.plan, name="console-bulk-preview"),
    path("console/bulk/<publicid:pk>/", bulk.show, name="console-bulk-plan"),
    path("console/bulk/<publicid:pk>/confirm/", bulk.confirm, name="console-bulk-confirm"),
    path("console/setup/", setup.page, name="console-setup"),
    path("console/setup/<slug:name>/test/", setup.test, name="console-setup-test"),
    path("console/updates/", updates.page, name="console-updates"),
    path("console/updates/read/", updates.read, name="console-updates-read"),
    path("console/recover/", acting.recover, name="console-recover"),
    path("console/projects/<publicid:public_id>/", console.project, name="console-project"),
    path("console/projects/<publicid:public_id>/fail/", acting.fail, name="console-fail"),
    path("console/projects/<publicid:public_id>/retry-draft/", acting.retry_draft, name="console-retry-draft"),
    path("console/people/<int:pk>/", console.person, name="console-person"),
    path("console/people/<int:pk>/goodwill/", acting.goodwill, name="console-goodwill"),
    path("console/people/<int:pk>/limits/", acting.limits, name="console-limits"),
    path("console/requests/<publicid:pk>/", acting.answer, name="console-answer"),
    path("console/help/<publicid:pk>/", acting.answer_help, name="console-answer-help"),
    path("console/providers/<slug:name>/pause/", acting.pause, name="console-pause"),
    path("console/providers/<slug:name>/resume/", acting.resume, name="console-resume"),
]
urlpatterns = [
    *console_urls,
    path("projects/<publicid:public_id>/help/", helping.page, name="project-help"),
    path("projects/<publicid:public_id>/help.txt", helping.text, name="project-help-text"),
    path("settings/notifications/", mails.preferences, name="notifications"),
    path("settings/data/", own_data.page, name="own-data"),
    path("settings/data/export/", own_data.export, name="own-data-export"),
    path("settings/data/exports/<publicid:export_id>/", own_data.download, name="own-data-download"),
    path("settings/data/erase/", own_data.erase, name="own-data-erase"),
    path("settings/data/withdraw/", own_data.withdraw, name="own-data-withdraw"),
    path("settings/notifications/push/", pushing.subscribe, name="push-subscribe"),
    path("settings/notifications/push/remove/", pushing.remove, name="push-remove"),
    path("push-worker.js", pushing.worker, name="push-worker"),
    path("account/oidc/login/", identity.sign_in, name="identity-login"),
    path("account/oidc/callback/", identity.callback, name="identity-callback"),
    path("mail/off/<str:token>/", mails.switch_off, name="mail-off"),
    path("healthz", operations.alive, name="healthz"),
    path("readyz", operations.ready, name="readyz"),
    path("metrics", operations.numbers, name="metrics"),
]

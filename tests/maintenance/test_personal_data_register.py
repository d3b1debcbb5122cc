"""The register of personal data knows every table, and what stays of a row has none of the person's words."""

from __future__ import annotations

from django.apps import apps

from elistit.maintenance.own_data import register


def test_the_register_knows_every_table() -> None:
    known = {t.model for t in register.TABLES} | set(register.ABOUT_NOBODY)
    there = {m._meta.label for m in apps.get_models(include_auto_created=True)}
    assert there - known == set() and known - there == set()
    assert len({t.model for t in register.TABLES}) == len(register.TABLES)
    assert not {t.model for t in register.TABLES} & set(register.ABOUT_NOBODY)


def test_every_row_that_stays_without_words_loses_all_that_people_type() -> None:
    """Text and JSON fields of rows that stay are replaced, or are listed here as the studio's own words."""
    own = {
        "projects.Project": {"public_id", "product", "ratio", "model", "mode", "stage"},
        "projects.Job": {"public_id", "kind", "status", "request_digest", "failure_stage", "failure_kind"},
        "projects.Item": {"state", "model", "state_before", "flags"},
        "projects.ItemRound": {"why", "state", "flags"},
        "projects.AcceptedRequest": {"act", "digest"},
        "projects.Listing": {"text", "currency", "draft", "draft_id"},
        "pipeline.Attempt": {"stage", "worker", "outcome"},
        "pipeline.ProviderCall": {"key", "provider", "model", "provider_id", "state", "outcome", "holder"},
        "payments.Payment": {"id", "kind", "code", "state", "session", "invoice", "payment_intent", "disputes"},
        "support.OperatorAct": {"id", "act", "project"},
        "credits.CreditTransaction": {
            "id", "type", "contra", "job", "project", "idempotency_key", "request_digest", "reason", "actor",
            "previous_hash", "hash",
        },
        "accounts.User": set(),
    }  # fmt: skip
    words = ("CharField", "TextField", "JSONField", "EmailField")
    for table in register.TABLES:
        if table.fate is register.Fate.BLANKED:
            fields = {
                f.name for f in apps.get_model(table.model)._meta.concrete_fields if f.get_internal_type() in words
            }
            assert fields - set(table.blank) == own[table.model], table.model

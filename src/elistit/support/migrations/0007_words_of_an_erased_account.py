"""While an account is being erased, the words of the operator actions about it may be replaced, and nothing else of them."""

from django.db import migrations

SAME = ("id", "actor_id", "act", "project", "person_id", "answers_id", "at")
UNDER_WAY = (
    "EXISTS (SELECT 1 FROM accounts_erasure e WHERE e.started_at IS NOT NULL AND e.ended_at IS NULL"
    " AND (e.owner_id = OLD.person_id OR e.owner_id = OLD.actor_id"
    " OR e.owner_id = (SELECT p.owner_id FROM projects_project p WHERE p.public_id = OLD.project)))"
)
REFUSED = "operator acts are append-only: UPDATE refused"
SQLITE = [
    "DROP TRIGGER IF EXISTS support_act_stays",
    "CREATE TRIGGER support_act_stays BEFORE UPDATE ON support_operatoract WHEN NOT ("
    + " AND ".join(f"NEW.{name} IS OLD.{name}" for name in SAME)
    + f" AND {UNDER_WAY}) BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
]
POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION support_act_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'UPDATE' THEN IF "
    f"({', '.join(f'NEW.{name}' for name in SAME)}) IS NOT DISTINCT FROM ({', '.join(f'OLD.{name}' for name in SAME)}) "
    f"AND {UNDER_WAY} THEN RETURN NEW; END IF; END IF; "
    "RAISE EXCEPTION 'operator acts are append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation'; "
    "END $$",
    "CREATE OR REPLACE TRIGGER support_act_stays BEFORE UPDATE OR DELETE ON support_operatoract "
    "FOR EACH ROW EXECUTE FUNCTION support_act_stays()",
]


def guard(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0006_trial_once_per_person"),
        ("accounts", "0005_data_exports_and_erasures"),
        ("projects", "0020_file_source_type"),
    ]
    operations = [migrations.RunPython(guard)]

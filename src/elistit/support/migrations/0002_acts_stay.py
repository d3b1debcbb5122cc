"""The database refuses to change or delete what an operator did."""

from django.db import migrations

REFUSED = "operator acts are append-only: {what} refused"
SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS support_act_{name} BEFORE {what} ON support_operatoract "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSED.format(what=what)}'); END"
    for name, what in (("stays", "UPDATE"), ("keeps", "DELETE"))
] + [
    # INSERT OR REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER IF NOT EXISTS support_act_once BEFORE INSERT ON support_operatoract "
    "WHEN EXISTS (SELECT 1 FROM support_operatoract WHERE id = NEW.id) "
    "OR EXISTS (SELECT 1 FROM support_operatoract WHERE answers_id = NEW.answers_id) "
    "BEGIN SELECT RAISE(ABORT, 'this operator act is recorded already'); END"
]
POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION support_act_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'operator acts are append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation'; "
    "END $$",
    "CREATE OR REPLACE TRIGGER support_act_stays BEFORE UPDATE OR DELETE ON support_operatoract "
    "FOR EACH ROW EXECUTE FUNCTION support_act_refuse()",
    "CREATE OR REPLACE TRIGGER support_act_keeps BEFORE TRUNCATE ON support_operatoract "
    "FOR EACH STATEMENT EXECUTE FUNCTION support_act_refuse()",
]


def guard(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement, params=None)


def unguard(apps, editor):
    names = ("support_act_stays", "support_act_keeps", "support_act_once")
    table = "" if editor.connection.vendor == "sqlite" else " ON support_operatoract"
    for name in names:
        editor.execute(f"DROP TRIGGER IF EXISTS {name}{table}", params=None)
    if table:
        editor.execute("DROP FUNCTION IF EXISTS support_act_refuse()", params=None)


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]

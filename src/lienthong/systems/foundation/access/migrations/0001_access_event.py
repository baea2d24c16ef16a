"""The table of access events and the triggers that keep it append-only."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = [
    "CREATE TRIGGER access_event_never_changed BEFORE UPDATE ON access_event "
    "BEGIN SELECT RAISE(ABORT, 'access events are never changed'); END",
    "CREATE TRIGGER access_event_never_removed BEFORE DELETE ON access_event "
    "BEGIN SELECT RAISE(ABORT, 'access events are never removed'); END",
]
POSTGRESQL = [
    "CREATE FUNCTION access_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'access events are never changed or removed'; END $$",
    "CREATE TRIGGER access_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION access_event_refuse()",
]


def make_append_only(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="AccessEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(db_comment="Personal number the answer is about, given or asked", max_length=12),
                ),
                (
                    "message_id",
                    models.CharField(
                        db_comment="X-Road-Id, the message in both security servers' logs", max_length=255
                    ),
                ),
                (
                    "client",
                    models.CharField(
                        db_comment="INSTANCE/CLASS/CODE/SUBSYSTEM of the party that asked", max_length=1023
                    ),
                ),
                ("officer", models.CharField(db_comment="X-Road-UserId", max_length=255)),
                ("issue", models.CharField(db_comment="X-Road-Issue: dossier or legal basis", max_length=255)),
                (
                    "operation",
                    models.CharField(db_comment="Operation id of the provider's OpenAPI document", max_length=64),
                ),
                (
                    "data_classes",
                    models.CharField(
                        db_comment="Classes of data given, separated by spaces; empty if none", max_length=255
                    ),
                ),
                ("instant", models.DateTimeField(db_comment="When the answer was made, UTC")),
            ],
            options={
                "db_table": "access_event",
                "indexes": [models.Index(fields=["subject", "-id"], name="access_event_by_subject")],
            },
        ),
        migrations.RunPython(make_append_only),
    ]

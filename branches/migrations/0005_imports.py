import json

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import foundation.models.encryption

ACTIONS = [("create", "Create"), ("update", "Update"), ("move", "Transfer in"), ("unchanged", "Unchanged"), ("skip", "Skip"), ("refused", "Refused")]
SUBJECTS = [("members", "Members"), ("organisations", "Organisations"), ("accounts", "Accounts")]


def carry_over(apps, schema_editor):
    """What earlier imports planned, in the form of today; they cannot be undone."""
    Batch, BatchRow = apps.get_model("branches", "Batch"), apps.get_model("branches", "BatchRow")
    for batch in Batch.objects.select_related("file").iterator():
        batch.file_name = batch.file.name if batch.file else ""
        if batch.state in ("applied", "failed", "abandoned"):
            batch.closed_at = batch.applied_at or batch.uploaded_at
        batch.save(update_fields=["file_name", "closed_at"])
        rows = BatchRow.objects.filter(batch=batch).order_by("sheet", "number")
        for position, row in enumerate(rows.iterator()):
            values = json.loads(row.values or "{}")
            plan = {
                "action": row.action,
                "person": row.person_id,
                "version": row.person_version,
                "membership": values.get("membership"),
                "fields": values.get("fields", {}),
                "changes": json.loads(row.changes or "[]"),
            }
            row.payload = json.dumps({"name": row.name, "plans": [plan], "problems": row.problems}, ensure_ascii=False)
            row.position, row.proposed = position, row.action
            row.is_warned = bool(row.problems) and row.action != "refused"
            row.save(update_fields=["payload", "position", "proposed", "is_warned"])


class Migration(migrations.Migration):
    # On PostgreSQL the table cannot be altered in the transaction in which its rows were changed.
    atomic = False

    dependencies = [
        ("branches", "0004_what_ended_with_a_membership"),
        ("foundation", "0002_lanes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel("RosterBatch", "Batch"),
        migrations.RenameModel("RosterRow", "BatchRow"),
        migrations.RemoveConstraint("BatchRow", "rosterrow_once"),
        migrations.RemoveField("Batch", "adds_without_number"),
        migrations.AddField("Batch", "subject", models.CharField(choices=SUBJECTS, default="members", max_length=15)),
        migrations.AddField("Batch", "file_name", models.CharField(default="", max_length=200)),
        migrations.AddField("Batch", "layouts", models.JSONField(default=list)),
        migrations.AddField("Batch", "plan_version", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField("Batch", "undone_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("Batch", "closed_at", models.DateTimeField(blank=True, db_index=True, null=True)),
        migrations.AddField("Batch", "purged_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("Batch", "undone_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
        migrations.AlterField("Batch", "uploaded_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
        migrations.AlterField("Batch", "file", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to="foundation.storedfile")),
        migrations.AddField("BatchRow", "position", models.PositiveIntegerField(default=0)),
        migrations.AddField("BatchRow", "proposed", models.CharField(choices=ACTIONS, default="unchanged", max_length=10)),
        migrations.AddField("BatchRow", "decision", models.CharField(blank=True, max_length=8)),
        migrations.AddField("BatchRow", "is_warned", models.BooleanField(default=False)),
        migrations.AddField("BatchRow", "payload", foundation.models.encryption.EncryptedTextField(blank=True, default="")),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RenameField("BatchRow", "branch", "organisation"),
        migrations.RemoveField("BatchRow", "name"),
        migrations.RemoveField("BatchRow", "values"),
        migrations.RemoveField("BatchRow", "changes"),
        migrations.RemoveField("BatchRow", "problems"),
    ]

from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def from_what_is_known(apps, schema_editor):
    """Who entered a record or handed it in wrote on it; who else saved it was not kept before."""
    Activity = apps.get_model("activities", "Activity")
    ReviewStep = apps.get_model("activities", "ReviewStep")
    Writer = Activity.writers.through
    pairs = set(Activity.objects.values_list("pk", "entered_by"))
    pairs |= set(ReviewStep.objects.filter(step="submitted").values_list("activity", "by"))
    Writer.objects.bulk_create([Writer(activity_id=pk, user_id=user) for pk, user in sorted(pairs)], batch_size=500)
    Activity.objects.update(written_version=F("version"))


class Migration(migrations.Migration):

    dependencies = [
        ("activities", "0003_entry_key_and_other_lecturers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="activity",
            name="entry_key",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(fields=("organisation", "entry_key"), name="activity_entry_key_once"),
        ),
        migrations.AddField(
            model_name="activity",
            name="written_version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="activity",
            name="writers",
            field=models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="writers"),
        ),
        migrations.RunPython(from_what_is_known, migrations.RunPython.noop),
    ]

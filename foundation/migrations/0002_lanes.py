from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]

    operations = [
        migrations.AddField(
            "Job",
            "lane",
            models.CharField(
                blank=True, default="", help_text="Jobs of one lane run one after the other.", max_length=60, verbose_name="lane"
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "Job",
            models.UniqueConstraint(
                condition=Q(state="running") & ~Q(lane=""), fields=("lane",), name="job_one_running_per_lane"
            ),
        ),
    ]

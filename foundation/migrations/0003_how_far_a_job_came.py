from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_lanes")]

    operations = [
        migrations.AddField("Job", "reached", models.PositiveIntegerField(default=0, editable=False)),
        migrations.AddField("Job", "reached_in", models.PositiveSmallIntegerField(default=0, editable=False)),
    ]

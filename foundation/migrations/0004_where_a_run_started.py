from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_how_far_a_job_came")]

    operations = [migrations.AddField("Job", "started_from", models.PositiveIntegerField(default=0, editable=False))]

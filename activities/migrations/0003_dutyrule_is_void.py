from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("activities", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="dutyrule",
            name="is_void",
            field=models.BooleanField(default=False, editable=False, verbose_name="taken back"),
        ),
        migrations.RemoveConstraint(model_name="dutyrule", name="dutyrule_once_per_year"),
        migrations.RemoveConstraint(model_name="dutyrule", name="dutyrule_default_once"),
        migrations.AddConstraint(
            model_name="dutyrule",
            constraint=models.UniqueConstraint(
                fields=["organisation", "code", "first_year"],
                condition=Q(organisation__isnull=False, is_void=False),
                name="dutyrule_once_per_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyrule",
            constraint=models.UniqueConstraint(
                fields=["code", "first_year"],
                condition=Q(organisation__isnull=True, is_void=False),
                name="dutyrule_default_once",
            ),
        ),
    ]

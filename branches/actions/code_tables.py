from django.db import models, transaction
from django.forms.models import model_to_dict

from branches.models.users import User
from foundation.actions.audit import difference, record


@transaction.atomic
def save_code(*, row: models.Model, by: User | None) -> None:
    """Write a new or changed row of a code table or a rule text.

    Codes are never deleted: `is_active` takes them out of use.
    """
    before = type(row)._default_manager.filter(pk=row.pk).first()
    row.save()
    record(
        verb="code.change" if before else "code.create",
        target=row,
        by=by,
        changes=difference(model_to_dict(before) if before else {}, model_to_dict(row)),
    )

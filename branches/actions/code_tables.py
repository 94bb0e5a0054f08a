from django.db import models, transaction
from django.forms.models import model_to_dict

from branches.models.organisations import Organisation
from branches.models.users import User
from branches.rights import Permission, access_of
from foundation.actions.audit import difference, record


@transaction.atomic
def save_code(*, row: models.Model, by: User | None) -> None:
    """Write a new or changed row of a code table or a rule text.

    Codes are never deleted: `is_active` takes them out of use. The entry is shown at the top of the tree where `by`
    keeps the codes; a superuser without a role has them at the first one.
    """
    before = type(row)._default_manager.filter(pk=row.pk).first()
    row.save()
    record(
        verb="code.change" if before else "code.create",
        target=row,
        by=by,
        organisation=_top_id(by),
        changes=difference(model_to_dict(before) if before else {}, model_to_dict(row)),
    )


def _top_id(by: User | None) -> int | None:
    held = access_of(by).top_id(Permission.MANAGE_CODES) if by else None
    if held is not None:
        return held
    return Organisation.objects.filter(parent=None).order_by("tree_id").values_list("pk", flat=True).first()

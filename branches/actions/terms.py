"""Terms of an organisation's leading group."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from branches.models import Organisation, Term, User
from foundation.actions.audit import record


@transaction.atomic
def begin_term(
    *,
    organisation: Organisation,
    on: date,
    expires_on: date,
    has_committee: bool,
    by: User,
    document_number: str = "",
) -> Term:
    """Begin a new term of an organisation's leading group; the term before ends the day before.

    Raises:
        ValidationError: the term would end before it begins, or a later term stands already.
    """
    if expires_on <= on:
        raise ValidationError({"expires_on": _("The term must end after it begins.")})
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    former = organisation.terms.valid().order_by("starts_on").last()
    if former is not None and former.starts_on >= on:
        raise ValidationError(
            {"on": _("A term began on %(day)s; choose a later day.") % {"day": date_format(former.starts_on)}}
        )
    if former is not None and former.ends_on is None:
        former.ends_on = on - timedelta(days=1)
        former.save(update_fields=["ends_on"])
    term = Term.objects.create(
        organisation=organisation,
        number=former.number + 1 if former else 1,
        starts_on=on,
        expires_on=expires_on,
        has_committee=has_committee,
        document_number=document_number,
    )
    record(
        verb="term.begin",
        target=term,
        by=by,
        organisation=organisation,
        changes={
            "starts_on": ["", on.isoformat()],
            "expires_on": ["", expires_on.isoformat()],
            "has_committee": ["", has_committee],
        },
    )
    return term

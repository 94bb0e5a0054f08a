"""Photos, signed sheets and papers of a record."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from activities.actions.activities import needs_of, open_record
from activities.models import Activity, Attachment
from branches.models import User
from foundation.actions.audit import record
from foundation.actions.files import store
from foundation.clock import now
from foundation.models import StoredFile
from foundation.rules.files import IMAGES


@transaction.atomic
def attach(*, activity: Activity, upload: UploadedFile, category: str, by: User) -> Attachment:
    """Keep an uploaded file with a record that is still open; the record is one version on, `activity` with it.

    Raises:
        ValidationError: the file is not accepted; the message names it and says what to do.
        RecordClosed: the record has been handed in meanwhile.
    """
    locked = open_record(activity)
    file = _stored(upload, category, activity, by)
    attachment = Attachment.objects.create(activity=activity, file=file, category=category)
    _count(locked, by=by)
    activity.version += 1
    record(
        verb="attachment.add",
        target=locked,
        by=by,
        organisation=locked.organisation_id,
        changes={"attachment": (None, file.name)},
        needs=needs_of(locked),
    )
    return attachment


@transaction.atomic
def remove(*, attachment: Attachment, by: User) -> None:
    """Take a file off a record that is still open; it stays on file with the day and the person. Twice is once.

    Raises:
        RecordClosed: the record has been handed in meanwhile.
    """
    locked = open_record(attachment.activity)
    taken = Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(removed_at=now(), removed_by=by)
    if taken:
        _count(locked, by=by)
        record(
            verb="attachment.remove",
            target=locked,
            by=by,
            organisation=locked.organisation_id,
            changes={"attachment": (attachment.file.name, None)},
            needs=needs_of(locked),
        )


def _stored(upload: UploadedFile, category: str, activity: Activity, by: User) -> StoredFile:
    if category != Attachment.Category.PHOTO:
        return store(upload=upload, by=by, organisation_id=activity.organisation_id)
    try:
        return store(upload=upload, by=by, organisation_id=activity.organisation_id, allowed=IMAGES)
    except ValidationError as error:
        if error.code != "kind":
            raise
        raise ValidationError(
            _("“%(name)s” is not a picture. Photos have to be pictures; put other files under “%(paper)s”."),
            code="kind",
            params={"name": upload.name, "paper": Attachment.Category.PAPER.label},
        ) from error


def _count(locked: Activity, *, by: User) -> None:
    """One version on, so that nobody hands in a record whose files are not those they saw."""
    locked.version += 1
    locked.save(update_fields=["version", "changed_at"])
    locked.writers.add(by)

"""Photos, signed sheets and papers of a record."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from activities.actions.activities import RecordClosed
from activities.models import Activity, Attachment
from activities.rules.activities import EDITABLE
from branches.models import User
from foundation.actions.audit import record
from foundation.actions.files import store
from foundation.clock import now


@transaction.atomic
def attach(*, activity: Activity, upload: UploadedFile, category: str, by: User) -> Attachment:
    """Keep an uploaded file with a record that is still open.

    Raises:
        ValidationError: the file is not accepted; the message names it and says what to do.
        RecordClosed: the record has been handed in meanwhile.
    """
    _check_open(activity)
    file = store(upload=upload, by=by, organisation_id=activity.organisation_id)
    attachment = Attachment.objects.create(activity=activity, file=file, category=category)
    record(
        verb="attachment.add",
        target=activity,
        by=by,
        organisation=activity.organisation_id,
        changes={"attachment": (None, file.name)},
    )
    return attachment


@transaction.atomic
def remove(*, attachment: Attachment, by: User) -> None:
    """Take a file off a record that is still open; it stays on file with the day and the person. Twice is once.

    Raises:
        RecordClosed: the record has been handed in meanwhile.
    """
    _check_open(attachment.activity)
    taken = Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(removed_at=now(), removed_by=by)
    if taken:
        record(
            verb="attachment.remove",
            target=attachment.activity,
            by=by,
            organisation=attachment.activity.organisation_id,
            changes={"attachment": (attachment.file.name, None)},
        )


def _check_open(activity: Activity) -> None:
    locked = Activity.objects.select_for_update().get(pk=activity.pk)
    if locked.state not in EDITABLE:
        raise RecordClosed(locked)

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from activities.models import Activity, Attachment
from branches.rights import AccessRequest, Permission


def attachments_of(activity: Activity) -> QuerySet[Attachment]:
    """What is attached to a record now; what was taken away stays on file, but is not shown."""
    return activity.attachments.filter(removed_at__isnull=True).select_related("file")


def attachment_or_404(request: AccessRequest, pk: int, permission: Permission = Permission.VIEW) -> Attachment:
    """A file of a record the user may read (and where `permission` is held).

    Raises:
        Http404: there is none, it was taken away, or its record is out of reach.
    """
    attachment = (
        Attachment.objects.filter(
            pk=pk, removed_at__isnull=True, activity__in=Activity.objects.within(request.access).values("pk")
        )
        .select_related("file", "activity__organisation")
        .first()
    )
    if attachment is None or not request.access.may(permission, attachment.activity.organisation):
        raise Http404
    return attachment

"""Writing, sending and withdrawing work lists, and answering their items."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import ActivityKind, Task, WorkItem, WorkList
from activities.queries.work_lists import branches_to_send
from activities.rules.work_lists import MAX_ITEMS, monday_of
from branches.models import Organisation, User
from foundation.actions.audit import record
from foundation.clock import business_date

FIRST_VERSION = 1
LATEST_DUE = timedelta(days=366)


class ListChanged(ValidationError):
    """Somebody saved or sent the list since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this work list meanwhile. Compare it in another window, then save again."),
            code="version",
        )


@dataclass(frozen=True, kw_only=True)
class ItemEntry:
    title: str
    content: str = ""
    kind: ActivityKind | None = None
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Content:
    """What people write; `week_of` may be any day of the week."""

    title: str
    week_of: date
    note: str = ""
    recipients: tuple[int, ...] = ()
    items: tuple[ItemEntry, ...] = ()


@transaction.atomic
def write(
    *,
    organisation: Organisation,
    content: Content,
    by: User,
    work_list: WorkList | None = None,
    version: int = 0,
    entry_key: UUID | None = None,
) -> WorkList:
    """Save a list as a draft of `organisation`.

    The same `entry_key` again finds the first one; other words under it, from the browser's back button, change it.

    Raises:
        ListChanged: `version` is not the one stored.
        ValidationError: by field, what is wrong; or the list has been sent.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if work_list is None and entry_key is not None:
        known = WorkList.objects.filter(organisation=organisation, entry_key=entry_key).first()
        if known is not None and _content_of(known) == _as_kept(content, organisation):
            return known
        work_list, version = known, FIRST_VERSION
    week_of = monday_of(content.week_of)
    _check(content, week_of)
    verb = "work_list.change" if work_list else "work_list.write"
    if work_list is None:
        kept = WorkList(
            organisation=organisation, entered_by=by, entered_on=business_date(), entry_key=entry_key, version=0
        )
    else:
        kept = _locked(work_list, version)
        if kept.sent_on:
            raise ValidationError(_("The list has been sent; its items are fixed. Withdraw it and write another."))
    kept.title, kept.week_of, kept.note = content.title, week_of, content.note
    kept.version += 1
    kept.save()
    kept.recipients.set(branches_to_send(organisation, business_date()).filter(pk__in=content.recipients))
    kept.items.all().delete()
    WorkItem.objects.bulk_create(
        [WorkItem(work_list=kept, position=number, **vars(item)) for number, item in enumerate(content.items, 1)]
    )
    record(
        verb=verb,
        target=kept,
        by=by,
        organisation=organisation,
        changes={
            "week_of": (None, week_of),
            "items": (None, [item.title for item in content.items]),
            "recipients": (None, [str(branch) for branch in kept.recipients.all()]),
        },
    )
    return kept


@transaction.atomic
def send(*, work_list: WorkList, version: int, by: User) -> WorkList:
    """Send the list: every chosen branch gets every item as a task, and the items are fixed. Twice is once.

    Raises:
        ListChanged: `version` is not the one stored.
        ValidationError: nobody is chosen, or there is no item.
    """
    locked = _locked(work_list)
    if locked.sent_on:
        return locked
    if locked.version != version:
        raise ListChanged
    standing = branches_to_send(locked.organisation, business_date())
    branches = list(standing.filter(pk__in=locked.recipients.values("pk")))
    items = list(locked.items.all())
    if not branches:
        raise ValidationError(_("Choose at least one branch to send the list to."))
    if not items:
        raise ValidationError(_("Write at least one item, then send the list."))
    locked.sent_on, locked.sent_by = business_date(), by
    locked.version += 1
    locked.save()
    locked.recipients.set(branches)
    Task.objects.bulk_create([Task(item=item, branch=branch) for item in items for branch in branches])
    record(
        verb="work_list.send",
        target=locked,
        by=by,
        organisation=locked.organisation_id,
        changes={"recipients": (None, [str(branch) for branch in branches])},
    )
    return locked


@transaction.atomic
def withdraw(*, work_list: WorkList, version: int, reason: str, by: User) -> WorkList:
    """Take a list back, sent or not; its items are asked of nobody any more, the answers stay.

    Raises:
        ListChanged: `version` is not the one stored.
        ValidationError: it has been withdrawn already.
    """
    locked = _locked(work_list, version)
    locked.withdrawn_on, locked.withdrawn_because = business_date(), reason
    locked.version += 1
    locked.save()
    record(
        verb="work_list.withdraw",
        target=locked,
        by=by,
        organisation=locked.organisation_id,
        changes={"withdrawn_on": (None, locked.withdrawn_on)},
        reason=reason,
    )
    return locked


def _as_kept(content: Content, organisation: Organisation) -> Content:
    """What would be kept of it, to compare."""
    branches = branches_to_send(organisation, business_date()).filter(pk__in=content.recipients)
    recipients = tuple(sorted(branches.values_list("pk", flat=True)))
    return replace(content, week_of=monday_of(content.week_of), recipients=recipients)


def _content_of(kept: WorkList) -> Content:
    items = kept.items.select_related("kind")
    return Content(
        title=kept.title,
        week_of=kept.week_of,
        note=kept.note,
        recipients=tuple(sorted(kept.recipients.values_list("pk", flat=True))),
        items=tuple(
            ItemEntry(**{name: getattr(item, name) for name in ItemEntry.__dataclass_fields__}) for item in items
        ),
    )


def _check(content: Content, week_of: date) -> None:
    errors: dict[str, str] = {}
    if not content.items:
        errors["items"] = _("Write at least one item.")
    elif len(content.items) > MAX_ITEMS:
        errors["items"] = _("At most %(limit)d items; put the others on another list.") % {"limit": MAX_ITEMS}
    for item in content.items:
        if item.due_on and not week_of <= item.due_on <= week_of + LATEST_DUE:
            errors["items"] = _("“%(item)s” is due on %(day)s; choose a day from the Monday of the week on.") % {
                "item": item.title,
                "day": date_format(item.due_on),
            }
    if errors:
        raise ValidationError(errors)


def _locked(work_list: WorkList, version: int | None = None) -> WorkList:
    locked = WorkList.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=work_list.pk)
    if locked.withdrawn_on:
        raise ValidationError(_("This work list has been withdrawn."), code="withdrawn")
    if version is not None and locked.version != version:
        raise ListChanged
    return locked

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activities import Activity
from activities.models.kinds import ActivityKind
from activities.rules.work_lists import TaskState
from branches.models import Organisation

if TYPE_CHECKING:
    from branches.rights import Access, Permission


class WorkList(models.Model):
    """The work list of a week (党建工作清单) that an organisation sends to branches below it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="work_lists")
    title = models.CharField(_("title"), max_length=120)
    week_of = models.DateField(_("week of"))  # its Monday
    recipients = models.ManyToManyField(Organisation, related_name="work_lists_received", verbose_name=_("sent to"))
    note = models.TextField(_("note"), blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_on = models.DateField(_("entered on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_because = models.CharField(_("why withdrawn"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    entry_key = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("work list")
        verbose_name_plural = _("work lists")
        ordering = ("-week_of", "-pk")
        constraints = [models.UniqueConstraint(fields=["organisation", "entry_key"], name="worklist_entry_key_once")]

    def __str__(self) -> str:
        return self.title


class WorkItem(models.Model):
    """One item of a work list: a task to answer, or with a kind an activity to hold."""

    work_list = models.ForeignKey(WorkList, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("item"), max_length=120)
    content = models.TextField(_("what is asked"), blank=True)
    kind = models.ForeignKey(
        ActivityKind, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("kind of activity")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)

    class Meta:
        verbose_name = _("item of a work list")
        verbose_name_plural = _("items of work lists")
        ordering = ("work_list", "position")

    def __str__(self) -> str:
        return self.title


class TaskQuerySet(models.QuerySet["Task"]):
    def within(self, access: Access, permission: Permission) -> Self:
        return self.filter(access.reach(permission, "branch__"))


class Task(models.Model):
    """What one branch does about one item: an answer in words, or the activity it planned and held."""

    State = TaskState

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="tasks")
    branch = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tasks")
    state = models.CharField(_("state"), max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    answer = models.TextField(_("answer"), blank=True)
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("activity")
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ("item", "branch")
        constraints = [models.UniqueConstraint(fields=["item", "branch"], name="task_once_a_branch")]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.branch_id}"

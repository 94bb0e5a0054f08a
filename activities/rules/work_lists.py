"""How a branch stands with an item of a work list."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class TaskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("task", "Not answered")
    DONE = "done", pgettext_lazy("task", "Done")
    DECLINED = "declined", pgettext_lazy("task", "Cannot be done")

"""What background jobs wait for."""

from __future__ import annotations

from django.db.models import Q

from foundation.models.jobs import Job, JobQuerySet


def waits_for(job: Job) -> JobQuerySet:
    """The unfinished jobs of its lane that stand before a job: it starts when there is none."""
    if not job.lane:
        return Job.objects.none()
    is_before = Q(created_at__lt=job.created_at) | Q(created_at=job.created_at, pk__lt=job.pk)
    return Job.objects.unfinished().filter(is_before, lane=job.lane)

"""Closed imports lose their file, rows and effects after some days; who, when, checksum and counts stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from branches.actions import batches
from branches.models import Batch, BatchEffect, BatchRow
from foundation.actions import files
from foundation.actions.audit import record
from foundation.actions.jobs import let_others_write
from foundation.clock import now
from foundation.models import AuditEntry

State = Batch.State
AT_ONCE = 500


def purge_batches() -> int:
    """Purge imports closed `IMPORT_KEPT_DAYS` ago; one that waited as long for somebody is given up first, also one
    whose work has failed.

    Chunk by chunk, so that nobody waits; safe to break off and run again. Returns how many were purged.
    """
    limit = now() - timedelta(days=settings.IMPORT_KEPT_DAYS)
    waiting = Batch.objects.exclude(state__in=batches.CLOSED).filter(uploaded_at__lt=limit)
    given_up = [batch.pk for batch in waiting if _is_forgotten(batch, limit) and _give_up(batch)]
    due = Batch.objects.filter(Q(closed_at__lt=limit) | Q(pk__in=given_up), purged_at__isnull=True)
    purged = sum(_begin(batch) for batch in due)
    rows = BatchRow.objects.filter(batch=OuterRef("pk"))
    for batch in Batch.objects.filter(Exists(rows), purged_at__isnull=False):
        while _drop(batch):
            let_others_write()
    return purged


def _is_forgotten(batch: Batch, limit: datetime) -> bool:
    touched = AuditEntry.objects.filter(target_type=batch._meta.label_lower, target_id=str(batch.pk), at__gte=limit)
    return not touched.exists()


@transaction.atomic
def _give_up(batch: Batch) -> bool:
    """A plan is given up. What was written or undone half-way stands, like that of an import that was stopped."""
    batch = Batch.objects.select_for_update(of=("self",)).select_related("job").get(pk=batch.pk)
    if batch.state in batches.CLOSED or (batch.state in batches.AT_WORK and not batches.is_stuck(batch)):
        return False
    if batch.state in (State.APPLYING, State.UNDOING):
        verb, after = "batch.stop", State.STOPPED
        batches.keep_counts(batch)
    else:
        verb, after = "batch.abandon", State.ABANDONED
    batches.turn(batch, batch.state, after)
    record(verb=verb, target=batch, by=None, organisation=batch.organisation_id)
    return True


@transaction.atomic
def _begin(batch: Batch) -> bool:
    """From now on it can be neither undone nor resumed. False where somebody has taken it up this moment."""
    locked = Batch.objects.select_for_update(of=("self",)).select_related("file").get(pk=batch.pk)
    if locked.closed_at is None or locked.purged_at is not None:
        return False
    stored, locked.file, locked.purged_at = locked.file, None, now()
    locked.layouts = []  # the words of a header somebody chose may be those of a person
    locked.save(update_fields=["file", "purged_at", "layouts"])
    if stored is not None:
        files.discard(stored_file=stored)
    record(verb="batch.purge", target=locked, by=None, organisation=locked.organisation_id)
    return True


@transaction.atomic
def _drop(batch: Batch) -> int:
    """The next rows with their effects; returns how many."""
    rows = list(BatchRow.objects.filter(batch=batch).order_by("position").values_list("pk", flat=True)[:AT_ONCE])
    BatchEffect.objects.filter(row__in=rows).delete()
    BatchRow.objects.filter(pk__in=rows).delete()
    return len(rows)

"""Which column of an uploaded file holds what."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse

from branches.rights import AccessRequest
from branches.views.batch_frames import batch_or_404


def batch_columns(request: AccessRequest, pk: UUID) -> HttpResponse:
    batch_or_404(request, pk)
    raise Http404

"""The end of the work on an import loads its page anew, but not under somebody's click."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route

from branches.models import Batch
from foundation.models.jobs import Job, JobState
from tests.branches.views.test_batches import good
from tests.cast import Cast
from tests.rosters import plan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_click_is_not_overtaken_by_the_end_of_the_work(cast: Cast, enter: Callable[..., Page]) -> None:
    batch = plan(good(cast), cast.committee, cast.staff)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.PLANNING)
    Job.objects.filter(pk=batch.job_id).update(state=JobState.RUNNING)
    address = reverse("branches:batch", args=[batch.pk])
    page = enter(cast.staff, address)
    waiting: list[Route] = []
    loaded: list[str] = []
    page.route("**/abandon/", lambda route: waiting.append(route))
    page.on("request", lambda request: loaded.append(request.url) if request.is_navigation_request() else None)
    page.evaluate("document.querySelector('form[action$=\"/abandon/\"]').requestSubmit()")
    Job.objects.filter(pk=batch.job_id).update(state=JobState.DONE)
    page.wait_for_timeout(2500)
    assert not [url for url in loaded if url.endswith(address)]
    waiting[0].continue_()
    page.wait_for_url(f"**{reverse('branches:batch_upload', args=['committee', 'members'])}")
    batch.refresh_from_db()
    assert batch.state == Batch.State.ABANDONED

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from foundation.actions.files import store
from foundation.models import StoredFile
from foundation.views.files import serve


@pytest.fixture
def minutes(db: None) -> StoredFile:
    return store(upload=SimpleUploadedFile("支部 会议.pdf", b"%PDF-1.7"), by=None)


def test_a_lost_content_is_not_found(minutes: StoredFile) -> None:
    minutes.location.unlink()
    with pytest.raises(Http404):
        serve(minutes)


def test_a_document_is_never_shown_inside_the_site(minutes: StoredFile) -> None:
    minutes.content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert serve(minutes, inline=True)["Content-Disposition"].startswith("attachment")


def test_a_download_carries_its_name_and_cannot_act(minutes: StoredFile) -> None:
    response = serve(minutes)
    assert b"".join(response) == b"%PDF-1.7"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%94%AF%E9%83%A8%20%E4%BC%9A%E8%AE%AE.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"


def test_a_pdf_may_be_shown(minutes: StoredFile) -> None:
    assert serve(minutes, inline=True)["Content-Disposition"].startswith("inline")

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from foundation.actions.files import store
from foundation.models import StoredFile
from foundation.rules.files import CSV, XLSX
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
    minutes.content_type = XLSX.content_type
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


def test_a_pdf_is_shown_without_a_sandbox_some_viewers_refuse_but_as_strictly(minutes: StoredFile) -> None:
    policy = serve(minutes, inline=True)["Content-Security-Policy"]
    assert "sandbox" not in policy
    for part in ("default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"):
        assert part in policy


def test_an_encrypted_file_is_handed_out_in_clear(db: None) -> None:
    stored = store(upload=SimpleUploadedFile("花名册.csv", b"a,b\n"), by=None, allowed=(CSV,), encrypt=True)
    assert b"".join(serve(stored)) == b"a,b\n"

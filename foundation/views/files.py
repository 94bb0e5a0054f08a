from django.http import FileResponse, Http404

from foundation.models import StoredFile
from foundation.queries.files import open_content
from foundation.rules.files import PDF

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def serve(stored_file: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file as a download, or inside the page (`inline`, pictures and PDF only). The caller has checked the rights.

    Uploaded content is kept from acting as a page of this site: its type is fixed, and its policy allows nothing.
    Raises Http404 when the content is not on the disk.
    """
    try:
        content = open_content(stored_file)
    except FileNotFoundError as error:
        raise Http404 from error
    may_be_shown = stored_file.is_image or stored_file.content_type == PDF.content_type
    response = FileResponse(
        content,
        as_attachment=not (inline and may_be_shown),
        filename=stored_file.name,
        content_type=stored_file.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    # In a sandbox older Chromium browsers refuse to open their PDF viewer; a PDF is no page and needs none.
    is_pdf = stored_file.content_type == PDF.content_type
    response["Content-Security-Policy"] = POLICY if is_pdf else f"{POLICY}; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response

from django.http import FileResponse, Http404

from foundation.models import StoredFile


def serve(stored_file: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file as a download, or inside the page (`inline`, pictures and PDF only). The caller has checked the rights.

    Uploaded content is kept from acting as a page of this site: its type is fixed, and its policy allows nothing.
    Raises Http404 when the content is not on the disk.
    """
    try:
        content = stored_file.location.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    may_be_shown = stored_file.is_image or stored_file.content_type == "application/pdf"
    response = FileResponse(
        content,
        as_attachment=not (inline and may_be_shown),
        filename=stored_file.name,
        content_type=stored_file.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response

"""What is said when a request fails on our side."""

from __future__ import annotations

import sys

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from foundation.rules.storage import is_disk_full

INSUFFICIENT_STORAGE = 507


@login_not_required
@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Also where a large upload does not fit into the directory for temporary files: Django meets that before any view
    does."""
    if not is_disk_full(sys.exc_info()[1]):
        return HttpResponse(render_to_string("500.html"), status=500)
    problem = _(
        "The disk of the server is full, so nothing was saved. Tell the administrator, and do it again once there is "
        "room."
    )
    return HttpResponse(render_to_string("500.html", {"problem": problem}), status=INSUFFICIENT_STORAGE)

import os

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the var directory takes writes, else 503; says nothing else to strangers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        database = True
    except DatabaseError:
        database = False
    files = os.access(settings.VAR_DIR, os.W_OK)
    healthy = database and files
    return JsonResponse({"database": database, "files": files}, status=200 if healthy else 503)

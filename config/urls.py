from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from foundation.views.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    *[path("", include(f"{app}.urls")) for app in ("branches", "activities", "reports") if find_spec(f"{app}.urls")],
]

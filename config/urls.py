from django.contrib import admin
from django.urls import include, path

from foundation.views.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("branches.urls")),
    path("", include("activities.urls")),
    path("", include("reports.urls")),
]

from django.contrib import admin
from django.urls import include, path

from config.views.language import switch
from config.views.search import search
from foundation.views.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("language/", switch, name="set_language"),
    path("search/", search, name="search"),
    path("", include("branches.urls")),
    path("", include("activities.urls")),
    path("", include("reports.urls")),
]

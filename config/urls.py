from django.contrib import admin
from django.urls import include, path

from config.views import start
from config.views.language import switch
from config.views.search import search
from foundation.views.health import healthz

handler500 = "config.views.failures.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("language/", switch, name="set_language"),
    path("search/", search, name="search"),
    path("start/", start.start, name="start"),
    path("start/organisation/", start.organisation, name="start_organisation"),
    path("start/branches/", start.branches, name="start_branches"),
    path("start/duties/", start.duties, name="start_duties"),
    path("", include("branches.urls")),
    path("", include("activities.urls")),
    path("", include("reports.urls")),
]

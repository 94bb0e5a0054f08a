from django.urls import URLPattern, path

from activities.views import checkups

urlpatterns: list[URLPattern] = [
    path("organisations/<slug:code>/checks/", checkups.list_, name="checks"),
    path("organisations/<slug:code>/checks/new/", checkups.new, name="checkup_new"),
    path("checks/<int:pk>/", checkups.checkup, name="checkup"),
]

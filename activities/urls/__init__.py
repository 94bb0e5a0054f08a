from django.urls import URLPattern

from activities.urls import (
    activities,
    checkups,
    contact_points,
    duties,
    findings,
    handovers,
    results,
    reviews,
    work_lists,
)

app_name = "activities"
urlpatterns: list[URLPattern] = [
    *activities.urlpatterns,
    *reviews.urlpatterns,
    *duties.urlpatterns,
    *results.urlpatterns,
    *checkups.urlpatterns,
    *findings.urlpatterns,
    *handovers.urlpatterns,
    *contact_points.urlpatterns,
    *work_lists.urlpatterns,
]

from django.urls import URLPattern

from activities.urls import activities, checkups, duties, findings, results, reviews

app_name = "activities"
urlpatterns: list[URLPattern] = [
    *activities.urlpatterns,
    *reviews.urlpatterns,
    *duties.urlpatterns,
    *results.urlpatterns,
    *checkups.urlpatterns,
    *findings.urlpatterns,
]

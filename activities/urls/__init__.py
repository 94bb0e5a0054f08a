from django.urls import URLPattern

from activities.urls import activities, duties, reviews

app_name = "activities"
urlpatterns: list[URLPattern] = [
    *activities.urlpatterns,
    *reviews.urlpatterns,
    *duties.urlpatterns,
]

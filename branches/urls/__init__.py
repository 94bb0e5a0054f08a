from django.urls import URLPattern

from branches.urls import accounts, organisations, people, rosters

app_name = "branches"
urlpatterns: list[URLPattern] = [
    *accounts.urlpatterns,
    *organisations.urlpatterns,
    *people.urlpatterns,
    *rosters.urlpatterns,
]

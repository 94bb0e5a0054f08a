from django.urls import URLPattern

from branches.urls import accounts, elections, members, organisations, people, probations, rosters, statuses, transfers

app_name = "branches"
urlpatterns: list[URLPattern] = [
    *accounts.urlpatterns,
    *elections.urlpatterns,
    *members.urlpatterns,
    *organisations.urlpatterns,
    *people.urlpatterns,
    *probations.urlpatterns,
    *rosters.urlpatterns,
    *statuses.urlpatterns,
    *transfers.urlpatterns,
]

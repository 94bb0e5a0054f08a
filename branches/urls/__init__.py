from django.urls import URLPattern

from branches.urls import (
    accounts,
    batches,
    data_quality,
    elections,
    exports,
    members,
    merges,
    organisations,
    people,
    probations,
    statuses,
    transfers,
)

app_name = "branches"
urlpatterns: list[URLPattern] = [
    *accounts.urlpatterns,
    *batches.urlpatterns,
    *data_quality.urlpatterns,
    *elections.urlpatterns,
    *exports.urlpatterns,
    *members.urlpatterns,
    *merges.urlpatterns,
    *organisations.urlpatterns,
    *people.urlpatterns,
    *probations.urlpatterns,
    *statuses.urlpatterns,
    *transfers.urlpatterns,
]

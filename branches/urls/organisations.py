from django.urls import path

from branches.views import organisations as views
from branches.views import reorganisations as acts

urlpatterns = [
    path("organisations/", views.index, name="organisations"),
    path("organisations/<slug:code>/", views.organisation, name="organisation"),
    path("organisations/<slug:code>/found/", acts.found, name="organisation_found"),
    path("organisations/<slug:code>/rename/", acts.rename, name="organisation_rename"),
    path("organisations/<slug:code>/move/", acts.move, name="organisation_move"),
    path("organisations/<slug:code>/merge/", acts.merge_into, name="organisation_merge"),
    path("organisations/<slug:code>/split/", acts.split_off, name="organisation_split"),
    path("organisations/<slug:code>/revoke/", acts.revoke, name="organisation_revoke"),
    path("organisations/<slug:code>/term/", views.term, name="organisation_term"),
    path("organisations/<slug:code>/group/", views.group, name="organisation_group"),
    path("organisations/<slug:code>/appoint/", views.appoint, name="appoint"),
    path("organisations/<slug:code>/posts/<int:pk>/relieve/", views.relieve, name="relieve"),
]

from django.urls import path

from branches.views import organisations as views

urlpatterns = [
    path("organisations/", views.index, name="organisations"),
    path("organisations/<slug:code>/", views.organisation, name="organisation"),
    path("organisations/<slug:code>/found/", views.found, name="organisation_found"),
    path("organisations/<slug:code>/rename/", views.rename, name="organisation_rename"),
    path("organisations/<slug:code>/move/", views.move, name="organisation_move"),
    path("organisations/<slug:code>/revoke/", views.revoke, name="organisation_revoke"),
    path("organisations/<slug:code>/term/", views.term, name="organisation_term"),
    path("organisations/<slug:code>/group/", views.group, name="organisation_group"),
    path("organisations/<slug:code>/appoint/", views.appoint, name="appoint"),
    path("organisations/<slug:code>/posts/<int:pk>/relieve/", views.relieve, name="relieve"),
]

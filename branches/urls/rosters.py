from django.urls import path

from branches.views import rosters as views

urlpatterns = [
    path("organisations/<slug:code>/roster/import/", views.roster_import, name="roster_import"),
    path("organisations/<slug:code>/roster/export/", views.roster_export, name="roster_export"),
    path("organisations/<slug:code>/roster/template/", views.roster_template, name="roster_template"),
    path("imports/<uuid:pk>/", views.batch, name="batch"),
    path("imports/<uuid:pk>/progress/", views.batch_progress, name="batch_progress"),
    path("imports/<uuid:pk>/confirm/", views.batch_confirm, name="batch_confirm"),
    path("imports/<uuid:pk>/resume/", views.batch_resume, name="batch_resume"),
    path("imports/<uuid:pk>/abandon/", views.batch_abandon, name="batch_abandon"),
    path("imports/<uuid:pk>/report/", views.batch_report, name="batch_report"),
]

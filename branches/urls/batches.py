from django.urls import path

from branches.views import batches as views

urlpatterns = [
    path("organisations/<slug:code>/imports/<str:subject>/", views.batch_upload, name="batch_upload"),
    path("imports/<uuid:pk>/", views.batch, name="batch"),
    path("imports/<uuid:pk>/progress/", views.batch_progress, name="batch_progress"),
    path("imports/<uuid:pk>/confirm/", views.batch_confirm, name="batch_confirm"),
    path("imports/<uuid:pk>/resume/", views.batch_resume, name="batch_resume"),
    path("imports/<uuid:pk>/abandon/", views.batch_abandon, name="batch_abandon"),
    path("imports/<uuid:pk>/report/", views.batch_report, name="batch_report"),
]

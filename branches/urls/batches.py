from django.urls import path

from branches.views import batch_columns, batch_decisions, batch_undo
from branches.views import batches as views

urlpatterns = [
    path("organisations/<slug:code>/imports/<str:subject>/", views.batch_upload, name="batch_upload"),
    path("imports/<uuid:pk>/", views.batch, name="batch"),
    path("imports/<uuid:pk>/columns/", batch_columns.batch_columns, name="batch_columns"),
    path("imports/<uuid:pk>/rows/<int:position>/", batch_decisions.batch_decide, name="batch_decide"),
    path("imports/<uuid:pk>/rows/", batch_decisions.batch_decide_all, name="batch_decide_all"),
    path("imports/<uuid:pk>/progress/", views.batch_progress, name="batch_progress"),
    path("imports/<uuid:pk>/confirm/", views.batch_confirm, name="batch_confirm"),
    path("imports/<uuid:pk>/stop/", views.batch_stop, name="batch_stop"),
    path("imports/<uuid:pk>/resume/", views.batch_resume, name="batch_resume"),
    path("imports/<uuid:pk>/abandon/", views.batch_abandon, name="batch_abandon"),
    path("imports/<uuid:pk>/undo/", batch_undo.batch_undo, name="batch_undo"),
    path("imports/<uuid:pk>/report/", views.batch_report, name="batch_report"),
    path("imports/<uuid:pk>/marked/", views.batch_marked, name="batch_marked"),
]

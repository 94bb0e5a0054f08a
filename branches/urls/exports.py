from django.urls import path

from branches.views import exports as views

urlpatterns = [
    path("organisations/<slug:code>/exports/<str:subject>/", views.export, name="export"),
    path("organisations/<slug:code>/templates/<str:subject>/", views.template, name="template"),
    path("exports/<uuid:pk>/", views.export_made, name="export_made"),
    path("exports/<uuid:pk>/progress/", views.export_progress, name="export_progress"),
    path("exports/<uuid:pk>/file/", views.export_file, name="export_file"),
    path("imports/<uuid:pk>/passwords/", views.batch_passwords, name="batch_passwords"),
]

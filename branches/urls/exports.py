from django.urls import path

from branches.views import exports as views

urlpatterns = [
    path("organisations/<slug:code>/exports/<str:subject>/", views.export, name="export"),
    path("organisations/<slug:code>/templates/<str:subject>/", views.template, name="template"),
    path("imports/<uuid:pk>/passwords/", views.batch_passwords, name="batch_passwords"),
]

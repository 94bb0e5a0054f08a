from django.urls import path

from branches.views import probations as views

urlpatterns = [
    path("organisations/<slug:code>/probations/", views.index, name="probations"),
    path("organisations/<slug:code>/probations/<int:pk>/take-back/", views.take_back, name="probation_take_back"),
    path("people/<int:pk>/probation/", views.decide, name="probation"),
]

from django.urls import path

from branches.views import data_quality as views

urlpatterns = [path("organisations/<slug:code>/data-quality/", views.index, name="data_quality")]

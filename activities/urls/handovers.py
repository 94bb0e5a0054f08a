from django.urls import path

from activities.views import handovers as views

urlpatterns = [path("organisations/<slug:code>/handover/", views.new, name="handover")]

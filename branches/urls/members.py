from django.urls import path

from branches.views import members as views

urlpatterns = [
    path("organisations/<slug:code>/members/new/", views.new, name="member_new"),
    path("people/<int:pk>/details/", views.change, name="member_change"),
]

from django.urls import path

from branches.views import elections as views

urlpatterns = [
    path("organisations/<slug:code>/elections/", views.index, name="elections"),
    path("organisations/<slug:code>/elections/new/", views.new, name="election_new"),
    path("organisations/<slug:code>/elections/<int:pk>/", views.election, name="election"),
    path("organisations/<slug:code>/elections/<int:pk>/reply/", views.reply, name="election_reply"),
]

from django.urls import path

from branches.views import people as views

urlpatterns = [
    path("organisations/<slug:code>/roster/", views.roster, name="roster"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/group/", views.group, name="person_group"),
    path("people/<int:pk>/identity/", views.identity, name="person_identity"),
]

from django.urls import path

from branches.views import merges as views

urlpatterns = [
    path("people/<int:pk>/merge/", views.merge, name="person_merge"),
    path("merges/<int:pk>/undo/", views.undo, name="merge_undo"),
]

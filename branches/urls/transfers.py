from django.urls import path

from branches.views import letters
from branches.views import transfers as views

urlpatterns = [
    path("organisations/<slug:code>/transfers/", views.index, name="transfers"),
    path("organisations/<slug:code>/transfers/in/", letters.take_in, name="transfer_in"),
    path("people/<int:pk>/transfer/", views.ask, name="transfer_ask"),
    path("people/<int:pk>/transfer/out/", letters.send_out, name="transfer_out"),
    path("transfers/<int:pk>/accept/", views.accept, name="transfer_accept"),
    path("transfers/<int:pk>/refuse/", views.refuse, name="transfer_refuse"),
    path("transfers/<int:pk>/revoke/", views.revoke, name="transfer_revoke"),
    path("transfers/<int:pk>/receipt/", letters.receipt, name="transfer_receipt"),
    path("transfers/<int:pk>/receipt/remove/", letters.receipt_remove, name="transfer_receipt_remove"),
    path("transfers/<int:pk>/take-back/", letters.take_back, name="transfer_take_back"),
]

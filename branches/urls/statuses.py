from django.urls import path

from branches.views import statuses as views

urlpatterns = [
    path("organisations/<slug:code>/circumstances/", views.index, name="statuses"),
    path("organisations/<slug:code>/circumstances/flow-in/", views.flow_in, name="flow_in"),
    path("people/<int:pk>/circumstances/<slug:kind>/", views.begin, name="status_begin"),
    path("people/<int:pk>/end/<slug:kind>/", views.end_membership, name="membership_end"),
    path("circumstances/<int:pk>/end/", views.end, name="status_end"),
    path("circumstances/<int:pk>/take-back/", views.take_back, name="status_take_back"),
    path("memberships/<int:pk>/reopen/", views.reopen, name="membership_reopen"),
]

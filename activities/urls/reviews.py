from django.urls import URLPattern, path

from activities.views import reviews

urlpatterns: list[URLPattern] = [
    path("activities/review/", reviews.review, name="review"),
    path("activities/review/accept/", reviews.accept_many, name="accept_many"),
    path("activities/<int:pk>/submit/", reviews.submit_record, name="submit"),
    path("activities/<int:pk>/withdraw/", reviews.withdraw_record, name="withdraw"),
    path("activities/<int:pk>/accept/", reviews.accept_one, name="accept"),
    path("activities/<int:pk>/return/", reviews.return_, name="return"),
]

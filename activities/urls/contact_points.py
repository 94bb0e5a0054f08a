from django.urls import URLPattern, path

from activities.views import contact_points, guidance

urlpatterns: list[URLPattern] = [
    path("organisations/<slug:code>/contact-points/", contact_points.list_, name="contact_points"),
    path("organisations/<slug:code>/contact-points/new/", contact_points.new, name="contact_point_new"),
    path("organisations/<slug:code>/contact-points/<int:pk>/end/", contact_points.end, name="contact_point_end"),
    path("contact-points/", contact_points.mine, name="contact_points_mine"),
    path("activities/<int:pk>/plan/", guidance.plan, name="plan"),
    path("activities/<int:pk>/announce/", guidance.announce, name="announce"),
    path("activities/<int:pk>/announce/withdraw/", guidance.withdraw, name="announce_withdraw"),
    path("activities/<int:pk>/topic/", guidance.judge, name="guidance_judge"),
    path("activities/<int:pk>/guidance/", guidance.remark, name="guidance_remark"),
]

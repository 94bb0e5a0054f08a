from django.urls import URLPattern, path

from activities.views import activities, attachments, attendances, drafts

urlpatterns: list[URLPattern] = [
    path("organisations/<slug:code>/activities/", activities.list_, name="list"),
    path("organisations/<slug:code>/activities/new/", drafts.new, name="new"),
    path("organisations/<slug:code>/activities/expected/", attendances.expected, name="expected"),
    path("organisations/<slug:code>/activities/check/", attendances.check, name="check"),
    path("activities/<int:pk>/", activities.activity, name="activity"),
    path("activities/<int:pk>/print/", activities.print_, name="print"),
    path("activities/<int:pk>/edit/", drafts.edit, name="edit"),
    path("activities/<int:pk>/discard/", drafts.discard_draft, name="discard"),
    path("activities/<int:pk>/attachments/", attachments.attach_files, name="attach"),
    path("attachments/<int:pk>/", attachments.attachment, name="attachment"),
    path("attachments/<int:pk>/remove/", attachments.remove_attachment, name="attachment_remove"),
]

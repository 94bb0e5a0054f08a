from django.urls import URLPattern, path

from activities.views import finding_origins, finding_steps, findings

urlpatterns: list[URLPattern] = [
    path("organisations/<slug:code>/findings/", findings.list_, name="findings"),
    path("organisations/<slug:code>/findings/print/", findings.print_, name="findings_print"),
    path("organisations/<slug:code>/findings/new/", finding_origins.new, name="finding_new"),
    path("checks/<int:pk>/finding/", finding_origins.from_check, name="finding_from_check"),
    path("activities/<int:pk>/finding/", finding_origins.from_record, name="finding_from_record"),
    path("commitments/<int:pk>/finding/", finding_origins.from_commitment, name="finding_from_commitment"),
    path(
        "organisations/<slug:code>/duties/<slug:rule_code>/<int:year>/<int:number>/finding/",
        finding_origins.from_duty,
        name="finding_from_duty",
    ),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/rectify/", finding_steps.rectify, name="finding_rectify"),
    path("findings/<int:pk>/close/", finding_steps.close, name="finding_close"),
    path("findings/<int:pk>/send-back/", finding_steps.send_back, name="finding_send_back"),
    path("findings/<int:pk>/extend/", finding_steps.extend, name="finding_extend"),
    path("findings/<int:pk>/withdraw/", finding_steps.withdraw, name="finding_withdraw"),
    path("findings/files/<int:pk>/", findings.file, name="finding_file"),
    path("findings/files/<int:pk>/remove/", finding_steps.remove_file, name="finding_file_remove"),
]

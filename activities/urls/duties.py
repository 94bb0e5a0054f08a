from django.urls import URLPattern, path

from activities.views import branch, desk, duties, duty_rules, exemptions

urlpatterns: list[URLPattern] = [
    path("organisations/<slug:code>/branch/", branch.branch, name="branch"),
    path("organisations/<slug:code>/desk/", desk.desk, name="desk"),
    path("organisations/<slug:code>/duties/<int:year>/", duties.year, name="duties"),
    path("organisations/<slug:code>/duties/<slug:rule_code>/<int:year>/<int:number>/", duties.duty, name="duty"),
    path("organisations/<slug:code>/duty-rules/<int:year>/", duty_rules.index, name="duty_rules"),
    path("organisations/<slug:code>/duty-rules/<int:year>/<slug:rule_code>/", duty_rules.edit, name="duty_rule"),
    path("organisations/<slug:code>/duty-rules/<int:year>/<slug:rule_code>/end/", duty_rules.end, name="duty_rule_end"),
    path("organisations/<slug:code>/duty-rules/take-back/<int:pk>/", duty_rules.take_back, name="duty_rule_take_back"),
    path("organisations/<slug:code>/exemptions/", exemptions.index, name="exemptions"),
    path("organisations/<slug:code>/exemptions/new/", exemptions.new, name="exemption_new"),
    path("organisations/<slug:code>/exemptions/<int:pk>/end/", exemptions.end, name="exemption_end"),
    path("organisations/<slug:code>/exemptions/<int:pk>/take-back/", exemptions.take_back, name="exemption_take_back"),
]

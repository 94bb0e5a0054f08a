from django.urls import path

from reports.views import overviews, person_files, sheets, summaries

app_name = "reports"
urlpatterns = [
    path("organisations/<slug:code>/assessment/", overviews.latest, name="latest"),
    path("organisations/<slug:code>/assessment/<int:year>/", overviews.overview, name="overview"),
    path("organisations/<slug:code>/assessment/<int:year>/workbook/", overviews.workbook, name="overview_workbook"),
    path("organisations/<slug:code>/sheets/<int:year>/", sheets.sheet, name="sheet"),
    path("organisations/<slug:code>/sheets/<int:year>/scores/", sheets.scores, name="scores"),
    path("organisations/<slug:code>/sheets/<int:year>/take-over/", sheets.take_over, name="take_over"),
    path("organisations/<slug:code>/sheets/<int:year>/paper/", sheets.paper, name="paper"),
    path("organisations/<slug:code>/sheets/<int:year>/workbook/", sheets.workbook, name="sheet_workbook"),
    path("organisations/<slug:code>/sheets/<int:year>/evidence/<int:pk>/", sheets.evidence, name="evidence"),
    path("organisations/<slug:code>/summary/<int:year>/", summaries.summary, name="summary"),
    path("organisations/<slug:code>/summary/<int:year>/workbook/", summaries.workbook, name="summary_workbook"),
    path("organisations/<slug:code>/summary/<int:year>/<slug:key>/", summaries.records, name="summary_records"),
    path("people/<int:pk>/file/", person_files.person_file, name="person_file"),
    path("people/<int:pk>/file/records/", person_files.person_records, name="person_records"),
]

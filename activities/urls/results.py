from django.urls import URLPattern, path

from activities.views import results

urlpatterns: list[URLPattern] = [
    path("organisations/<slug:code>/results/", results.list_, name="results"),
    path("organisations/<slug:code>/results/new/", results.new, name="result_new"),
    path("results/<int:pk>/", results.result, name="result"),
    path("results/<int:pk>/edit/", results.edit, name="result_edit"),
    path("results/<int:pk>/end/", results.end, name="result_end"),
    path("results/<int:pk>/withdraw/", results.withdraw, name="result_withdraw"),
    path("results/files/<int:pk>/", results.file, name="result_file"),
    path("results/files/<int:pk>/remove/", results.remove_file, name="result_file_remove"),
]

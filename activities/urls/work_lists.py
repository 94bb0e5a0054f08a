from django.urls import URLPattern, path

from activities.views import tasks, work_lists

urlpatterns: list[URLPattern] = [
    path("organisations/<slug:code>/work-lists/", work_lists.list_, name="work_lists"),
    path("organisations/<slug:code>/work-lists/new/", work_lists.new, name="work_list_new"),
    path("work-lists/<int:pk>/", work_lists.work_list, name="work_list"),
    path("work-lists/<int:pk>/edit/", work_lists.edit, name="work_list_edit"),
    path("work-lists/<int:pk>/send/", work_lists.send, name="work_list_send"),
    path("work-lists/<int:pk>/withdraw/", work_lists.withdraw, name="work_list_withdraw"),
    path("organisations/<slug:code>/tasks/", tasks.list_, name="tasks"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/plan/", tasks.plan, name="task_plan"),
]

from django.urls import path

from branches.views import accounts, home, sessions, switcher, trail, why

urlpatterns = [
    path("", home.home, name="home"),
    path("login/", sessions.login, name="login"),
    path("logout/", sessions.logout, name="logout"),
    path("password/", sessions.password_change, name="password_change"),
    path("session/", sessions.session, name="session"),
    path("switcher/", switcher.switcher, name="switcher"),
    path("organisations/<slug:code>/trail/", trail.trail, name="trail"),
    path("organisations/<slug:code>/why/", why.why, name="why"),
    path("organisations/<slug:code>/accounts/", accounts.index, name="accounts"),
    path("organisations/<slug:code>/accounts/new/", accounts.new, name="account_new"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/roles/", accounts.grant, name="role_grant"),
    path("accounts/<int:pk>/roles/<int:role>/end/", accounts.end, name="role_end"),
    path("accounts/<int:pk>/password/", accounts.password, name="account_password"),
    path("accounts/<int:pk>/deactivate/", accounts.deactivate, name="account_deactivate"),
    path("accounts/<int:pk>/reactivate/", accounts.reactivate, name="account_reactivate"),
]

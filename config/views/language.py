"""The switch between Chinese and English."""

from django.contrib.auth.decorators import login_not_required
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

# Django's own view keeps the choice in a cookie, and goes back only to an address of this site.
switch = login_not_required(require_POST(set_language))

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class ConfigConfig(AppConfig):
    name = "config"
    default = True


class CodeTablesAdmin(admin.AdminConfig):
    default = False
    default_site = "config.admin_site.CodeTablesSite"

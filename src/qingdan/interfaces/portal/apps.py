from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "qingdan.interfaces.portal"
    label = "portal"

from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "qingdan.interfaces.shared"
    label = "shared"

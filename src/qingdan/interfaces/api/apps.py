from django.apps import AppConfig


class Api(AppConfig):
    name = "qingdan.interfaces.api"
    label = "api"

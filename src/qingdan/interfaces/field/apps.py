from django.apps import AppConfig


class Field(AppConfig):
    name = "qingdan.interfaces.field"
    label = "field"

from django.apps import AppConfig


class Desk(AppConfig):
    name = "qingdan.interfaces.desk"
    label = "desk"

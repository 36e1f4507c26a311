from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "qingdan.interfaces.board"
    label = "board"

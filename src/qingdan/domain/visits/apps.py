from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "qingdan.domain.visits"
    label = "visits"

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "qingdan.interfaces.jobs"
    label = "jobs"

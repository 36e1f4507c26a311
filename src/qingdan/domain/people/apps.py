from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "qingdan.domain.people"
    label = "people"

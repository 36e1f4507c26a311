from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "qingdan.domain.groups"
    label = "groups"

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "qingdan.domain.enterprises"
    label = "enterprises"

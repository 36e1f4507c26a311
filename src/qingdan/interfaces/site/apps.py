from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "qingdan.interfaces.site"
    label = "site"

    def ready(self) -> None:
        from . import second_factor, sessions  # noqa: F401  for their receivers

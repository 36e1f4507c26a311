from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "qingdan.domain.ledger"
    label = "ledger"

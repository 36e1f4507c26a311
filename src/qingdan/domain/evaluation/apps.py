from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "qingdan.domain.evaluation"
    label = "evaluation"

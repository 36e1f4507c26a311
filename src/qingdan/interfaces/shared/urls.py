"""What every page's header offers beside its rooms, included at the root."""

from django.urls import path

from . import people

app_name = "shared"

urlpatterns = [
    path("hat/", people.change_hat, name="hat"),
    path("look/", people.change_look, name="look"),
]

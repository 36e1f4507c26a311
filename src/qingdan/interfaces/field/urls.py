"""The addresses of the field, one line each."""

from django.urls import path

from .views import outings, stops

app_name = "field"

urlpatterns = [
    path("", outings.today, name="outings"),
    path("plan/", outings.plan, name="plan"),
    path("<int:stop_id>/", stops.stop, name="stop"),
    path("<int:stop_id>/nothing/", stops.nothing, name="nothing"),
    path("<int:stop_id>/left/", stops.left, name="left"),
]

"""The addresses of the field, one line each."""

from django.urls import path

from .views import outings, stops

app_name = "field"

urlpatterns = [
    path("", outings.today, name="outings"),
    path("plan/", outings.plan, name="plan"),
    path("outings/<int:outing_id>/", outings.outing, name="outing"),
    path("outings/<int:outing_id>/without/", outings.without, name="without"),
    path("<int:stop_id>/", stops.stop, name="stop"),
    path("<int:stop_id>/read/", stops.read, name="read"),
    path("<int:stop_id>/nothing/", stops.nothing, name="nothing"),
    path("<int:stop_id>/left/", stops.left, name="left"),
]

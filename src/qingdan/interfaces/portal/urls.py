"""The addresses of the enterprise's side, one line each."""

from django.urls import path

from . import views

app_name = "portal"

urlpatterns = [
    path("", views.my_list, name="list"),
    path("raise/", views.raise_problem, name="raise"),
    path("l/<str:token>/", views.come_in, name="link"),
    path("people/", views.who_serves, name="people"),
    path("<int:year>/<int:number>/", views.matter, name="issue"),
    path("<int:year>/<int:number>/do/<slug:act>/", views.act, name="act"),
]

"""The addresses of the desk, one line each, sorted by name."""

from django.urls import path

from .views import inbox, matter, register

app_name = "desk"

urlpatterns = [
    path("<int:year>/<int:number>/do/<slug:act>/", matter.act, name="act"),
    path("", inbox.inbox, name="inbox"),
    path("<int:year>/<int:number>/", matter.issue, name="issue"),
    path("register/", register.register, name="register"),
    path("register/dates/", register.dates, name="register-dates"),
]

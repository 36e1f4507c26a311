"""The addresses of the desk, one line each, sorted by name."""

from django.urls import path

from .views import inbox, lists, matter, register, result, triage

app_name = "desk"

urlpatterns = [
    path("<int:year>/<int:number>/do/<slug:act>/", matter.act, name="act"),
    path("", inbox.inbox, name="inbox"),
    path("<int:year>/<int:number>/", matter.issue, name="issue"),
    path("<int:year>/<int:number>/triage/", triage.triage, name="triage"),
    path("<int:year>/<int:number>/triage/dates/", triage.dates, name="triage-dates"),
    path("register/", register.register, name="register"),
    path("register/dates/", register.dates, name="register-dates"),
    path("register/firm/", register.firm, name="register-firm"),
    path("<int:year>/<int:number>/finish/", result.finish, name="finish"),
    path("<int:year>/<int:number>/order/", result.order, name="order"),
    path("<int:year>/<int:number>/result/", result.result, name="result"),
    path("<int:year>/<int:number>/send-back/", result.send_back, name="send-back"),
    path("<int:year>/<int:number>/settle/", result.settle, name="settle"),
    path("<int:year>/<int:number>/word/", result.word, name="word"),
    path("<int:year>/<int:number>/lists/", lists.lists, name="lists"),
]

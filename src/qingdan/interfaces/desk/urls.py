"""The addresses of the desk, one line each, sorted by name."""

from django.urls import path

from .views import (
    calls,
    changing,
    deciding,
    declining,
    inbox,
    lists,
    matter,
    ours,
    reaching,
    register,
    result,
    triage,
    waiting,
)

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
    path("<int:year>/<int:number>/answer/", changing.answer, name="answer"),
    path(
        "<int:year>/<int:number>/approve-decline/",
        deciding.approve_decline,
        name="approve-decline",
    ),
    path(
        "<int:year>/<int:number>/approve-explanation/",
        deciding.approve_explanation,
        name="approve-explanation",
    ),
    path("<int:year>/<int:number>/change/", changing.change, name="change"),
    path("<int:year>/<int:number>/contact/", reaching.contact, name="contact"),
    path("<int:year>/<int:number>/same/", matter.same, name="same"),
    path("calls/", calls.calls, name="calls"),
    path("declined/", declining.declined, name="declined"),
    path("<int:year>/<int:number>/decide/", deciding.decide, name="decide"),
    path("<int:year>/<int:number>/decline/", declining.decline, name="decline"),
    path(
        "<int:year>/<int:number>/grant-extension/",
        deciding.grant_extension,
        name="grant-extension",
    ),
    path("<int:year>/<int:number>/hold/", waiting.hold, name="hold"),
    path("<int:year>/<int:number>/agree/", ours.agree, name="agree"),
    path("<int:year>/<int:number>/object/", ours.object_to, name="object"),
    path("<int:year>/<int:number>/return/", ours.return_result, name="return-result"),
    path(
        "<int:year>/<int:number>/request-extension/",
        ours.request_extension,
        name="request-extension",
    ),
    path("deputy-answers/", ours.deputy_answers, name="deputy-answers"),
    path("<int:year>/<int:number>/pause/", waiting.pause, name="pause"),
    path("<int:year>/<int:number>/lists/", lists.lists, name="lists"),
]

"""What every page's header offers beside its rooms, included at the root."""

from django.urls import path

from . import contacts, people, suggestions

app_name = "shared"

urlpatterns = [
    path("contacts/<int:contact_id>/", contacts.contact, name="contact"),
    path("contacts/<int:contact_id>/ring/", contacts.ring_contact, name="ring"),
    path("hat/", people.change_hat, name="hat"),
    path("look/", people.change_look, name="look"),
    path("suggestions/", suggestions.all_of_them, name="suggestions"),
    path("suggestions/new/", suggestions.suggest, name="suggest"),
    path(
        "suggestions/<int:year>/<int:number>/<slug:act>/",
        suggestions.act,
        name="suggestion-act",
    ),
]

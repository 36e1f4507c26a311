"""The addresses of the board, one line each."""

from django.urls import path

from .views import enterprises, hanging, lists, open_matters

app_name = "board"

urlpatterns = [
    path("", open_matters.board, name="board"),
    path("enterprises/", enterprises.register_of, name="enterprises"),
    path("enterprises/<int:subject_id>/", enterprises.one, name="enterprise"),
    path("enterprises/<int:subject_id>/link/", enterprises.new_link, name="new-link"),
    path(
        "enterprises/<int:subject_id>/link/<int:link_id>/", enterprises.end_link, name="end-link"
    ),
    path("hang/", hanging.hang_text, name="hang"),
    path("lists/<slug:kind>/", lists.three_lists, name="lists"),
    path("rows/", open_matters.rows, name="rows"),
]

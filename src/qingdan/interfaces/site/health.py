"""What a supervisor of processes asks: do you live, and can you work?"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from qingdan.interfaces.shared.doors import door

_up_to_date = False


@door(public=True)
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"live": True})


@door(public=True)
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and its migrations are applied."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        done = migrations_done()
    except DatabaseError:
        return JsonResponse({"ready": False, "why": "database"}, status=503)
    if not done:
        return JsonResponse({"ready": False, "why": "migrations"}, status=503)
    return JsonResponse({"ready": True})


def migrations_done() -> bool:
    """Whether nothing is left to migrate. A yes is kept: code and schema change by restarts."""
    global _up_to_date
    if not _up_to_date:
        executor = MigrationExecutor(connection)
        _up_to_date = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _up_to_date

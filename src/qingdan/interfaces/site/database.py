"""The database at the start of a command: of this version, an older one, or a newer one."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from .trouble import Trouble, WrongUse, in_words


class NewerData(WrongUse):
    """The data was written by a newer version; going back could lose what it added."""

    def __init__(self) -> None:
        where = connection.settings_dict["NAME"]
        super().__init__(
            in_words(
                f"The data ({where}) was written by a newer version of Qingdan: update this one,"
                " or name another folder with --data.",
                f"数据（{where}）由更新版本的清单写入：请升级本程序，或用 --data 指定其他文件夹。",
            )
        )


class OlderData(Trouble):
    """The database lacks migrations."""

    code = 2

    def __init__(self) -> None:
        super().__init__(
            in_words(
                "The database is not up to date: run ./qd migrate first.",
                "数据库尚未升级：请先运行 ./qd migrate。",
            )
        )


def refuse_newer(loader: MigrationLoader | None = None) -> None:
    """Raises NewerData if the database knows a migration of ours that this version lacks."""
    loader = loader or MigrationLoader(connection)
    disk = loader.disk_migrations
    ours = {app for app, _ in disk}
    # a squashed migration's originals may be gone from the disk
    replaced = {old for migration in disk.values() for old in migration.replaces}
    unknown = [
        key
        for key in loader.applied_migrations
        if key[0] in ours and key not in disk and key not in replaced
    ]
    if unknown:
        raise NewerData


def require_this_version() -> None:
    """Raises NewerData or OlderData unless the database fits this version exactly."""
    executor = MigrationExecutor(connection)
    refuse_newer(executor.loader)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise OlderData


def migrate() -> bool:
    """Bring the database to this version; whether there was anything to do."""
    executor = MigrationExecutor(connection)
    refuse_newer(executor.loader)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    return True

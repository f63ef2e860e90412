"""A private MySQL 9, from a Debian tree of its own: most companies have MySQL, not MariaDB."""

from pathlib import Path

from lab.database import Database
from lab.lab import STATE

TREE = STATE / "mysql"


class MySql(Database):
    """mysqld of the tree, run by the tree's own loader and libraries."""

    def _install(self, data: Path) -> list[str]:
        return [*self._program(), "--initialize-insecure", f"--datadir={data}"]

    def _server(self) -> list[str]:
        # Without the second protocol, which wants a port and a socket of its own.
        return [*self._program(), "--skip-name-resolve", "--mysqlx=OFF", "--secure-file-priv="]

    def _program(self) -> list[str]:
        usr = TREE / "usr"
        (loader,) = (usr / "lib64").glob("ld-linux*")
        (libraries,) = {file.parent for file in (usr / "lib").glob("*-linux-gnu/libc.so.6")}
        return [
            *(str(loader), "--library-path", str(libraries), str(usr / "sbin/mysqld")),
            *("--no-defaults", "--user=root", f"--basedir={usr}"),
            f"--lc-messages-dir={usr / 'share/mysql'}",
        ]

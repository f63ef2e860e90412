"""Rights as the servers show them, compared with those that are needed."""

import pytest

from campaign.store.privileges import Privileges

TABLE = "`billing`.`factura`"
NEEDED = (
    f"GRANT SELECT ON {TABLE} TO 'dialer'@'localhost'",
    "GRANT SELECT, UPDATE (`sent`, `at`) ON `billing`.`afiliados` TO 'dialer'@'localhost'",
)


def lacking(*shown: str) -> list[str]:
    return Privileges.of(NEEDED).not_in(Privileges.of(shown))


def beyond(*shown: str) -> list[str]:
    return Privileges.of(shown).beyond(Privileges.of(NEEDED))


def test_what_was_granted_is_neither_lacking_nor_beyond() -> None:
    shown = (
        "GRANT USAGE ON *.* TO `dialer`@`localhost` IDENTIFIED BY PASSWORD '*2470C0C06DEE42FD16'",
        *NEEDED,
    )
    assert lacking(*shown) == []
    assert beyond(*shown) == []


def test_the_other_servers_spelling_is_the_same() -> None:
    """MySQL 9 and MariaDB 10.11 order and quote in ways of their own."""
    shown = (
        "GRANT USAGE ON *.* TO `dialer`@`localhost`",
        f"GRANT SELECT ON {TABLE} TO `dialer`@`localhost`",
        "GRANT UPDATE (`at`, `sent`), SELECT ON `billing`.`afiliados` TO `dialer`@`localhost`",
    )
    assert lacking(*shown) == []
    assert beyond(*shown) == []


def test_what_lacks_is_named_by_table_and_column() -> None:
    assert lacking("GRANT UPDATE (`sent`) ON `billing`.`afiliados` TO `dialer`@`%`") == [
        "SELECT, UPDATE (at) ON `billing`.`afiliados`",
        f"SELECT ON {TABLE}",
    ]


@pytest.mark.parametrize("on", ["*.*", "`billing`.*", r"`bill\_ing`.*", "`bill%`.*", "`b_lling`.*"])
def test_a_wider_right_is_enough_and_too_much(on: str) -> None:
    shown = f"GRANT ALL PRIVILEGES ON {on} TO `dialer`@`localhost`"
    assert beyond(shown) == [f"ALL PRIVILEGES ON {on}"]
    # A backslash makes the underscore itself: that is another database.
    assert (lacking(shown) == []) == ("\\" not in on)


@pytest.mark.parametrize("other", ["`other`.*", "`billing_old`.*", "`billing`.`facturas`"])
def test_another_object_is_not_enough(other: str) -> None:
    assert lacking(f"GRANT SELECT, UPDATE ON {other} TO `dialer`@`localhost`") != []


@pytest.mark.parametrize(
    ("shown", "named"),
    [
        (f"GRANT SELECT, DELETE ON {TABLE} TO `d`@`%`", f"DELETE ON {TABLE}"),
        (f"GRANT SELECT ON {TABLE} TO `d`@`%` WITH GRANT OPTION", f"GRANT OPTION ON {TABLE}"),
        ("GRANT UPDATE ON `billing`.`afiliados` TO `d`@`%`", "UPDATE ON `billing`.`afiliados`"),
        ("GRANT SELECT ON `billing`.* TO `d`@`%`", "SELECT ON `billing`.*"),
        ("GRANT `everything`@`%` TO `d`@`%`", "role `everything`@`%`"),
        ("GRANT FILE, SUPER ON *.* TO `d`@`%`", "FILE, SUPER ON *.*"),
    ],
)
def test_what_goes_beyond_is_named(shown: str, named: str) -> None:
    assert beyond(shown) == [named]


def test_the_hash_of_the_password_is_in_no_text() -> None:
    shown = "GRANT ALL PRIVILEGES ON *.* TO `d`@`%` IDENTIFIED BY PASSWORD '*2470C0C06DEE42FD'"
    held = Privileges.of([shown])
    assert "2470" not in repr(held) + "".join(beyond(shown))

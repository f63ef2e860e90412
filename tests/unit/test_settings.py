import pytest

from campaign.settings import (
    AmiSettings,
    DatabaseSettings,
    SettingsError,
    all_settings,
    database_settings,
    server_settings,
)

MYSQL = {
    "MYSQL_SERVER": "db",
    "MYSQL_USER": "u",
    "MYSQL_PASSWORD": "s3cret-db",
    "MYSQL_DATABASE": "isp",
}
TOKENS = {"OVERDUE_SECRET": "s3cret-of-tokens"}
ASTERISK = {"ASTERISK_USERNAME": "overdue", "ASTERISK_PASSWORD": "s3cret-ami", **TOKENS}


def test_the_six_variables_of_the_original_and_the_secret_are_enough() -> None:
    assert all_settings(MYSQL | ASTERISK) == (
        DatabaseSettings("db", 3306, None, "u", "s3cret-db", "isp"),
        AmiSettings("127.0.0.1", 5038, "overdue", "s3cret-ami"),
        "s3cret-of-tokens",
    )


def test_hosts_ports_and_socket_can_be_set() -> None:
    more = {
        "MYSQL_PORT": "3307",
        "MYSQL_SOCKET": "/run/db.sock",
        "ASTERISK_HOST": "10.0.0.9",
        "ASTERISK_PORT": "5039",
    }
    database, ami, _ = all_settings(MYSQL | ASTERISK | more)
    assert (database.port, database.socket) == (3307, "/run/db.sock")
    assert (ami.host, ami.port) == ("10.0.0.9", 5039)


def test_socket_needs_no_server() -> None:
    environment = {
        "MYSQL_SOCKET": "/s",
        "MYSQL_USER": "u",
        "MYSQL_PASSWORD": "",
        "MYSQL_DATABASE": "d",
    }
    assert database_settings(environment) == DatabaseSettings("localhost", 3306, "/s", "u", "", "d")


def test_all_that_is_missing_is_named_in_one_sentence() -> None:
    with pytest.raises(SettingsError) as caught:
        all_settings({"MYSQL_USER": ""})
    assert str(caught.value) == (
        "set these environment variables: MYSQL_SERVER, MYSQL_USER, MYSQL_PASSWORD, "
        "MYSQL_DATABASE, ASTERISK_USERNAME, ASTERISK_PASSWORD, OVERDUE_SECRET"
    )


def test_the_server_needs_the_database_and_the_secret() -> None:
    assert server_settings(MYSQL | TOKENS) == (database_settings(MYSQL), "s3cret-of-tokens")
    with pytest.raises(SettingsError, match=r"^set these environment variables: OVERDUE_SECRET$"):
        server_settings(MYSQL)


def test_a_secret_that_can_be_guessed_is_refused_and_not_shown() -> None:
    for read in (server_settings, all_settings):
        with pytest.raises(SettingsError) as caught:
            read(MYSQL | ASTERISK | {"OVERDUE_SECRET": "fifteen-letters"})
        assert str(caught.value) == "OVERDUE_SECRET must have at least 16 characters"


def test_database_alone_asks_for_no_manager_account() -> None:
    assert database_settings(MYSQL).user == "u"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x", "3306 ", "³", "9" * 5000])
def test_port_out_of_range_is_named(port: str) -> None:
    with pytest.raises(SettingsError, match=r"^ASTERISK_PORT must be a port from 1 to 65535$"):
        all_settings(MYSQL | ASTERISK | {"ASTERISK_PORT": port})


@pytest.mark.parametrize("name", ["ASTERISK_USERNAME", "ASTERISK_PASSWORD", "ASTERISK_HOST"])
def test_line_end_never_reaches_an_ami_header(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        all_settings(MYSQL | ASTERISK | {name: "x\r\nAction: Originate"})
    assert str(caught.value) == f"{name} must hold no control characters"


def test_secrets_never_show() -> None:
    shown = repr(all_settings(MYSQL | ASTERISK)[:2])
    assert "s3cret" not in shown
    with pytest.raises(SettingsError) as caught:
        all_settings(MYSQL | {"ASTERISK_PASSWORD": "s3cret-ami\n"})
    assert "s3cret" not in str(caught.value)

from lienthong.exchange.errors import ConfigurationError
from lienthong.exchange.serverconf.problems import InvalidSettingsError, SettingsProblem


def problem(line: int) -> SettingsProblem:
    return SettingsProblem(file="ss1.toml", line=line, key="server.id", found="nothing", expected="a text")


def test_problems_come_in_order_of_lines_and_as_texts() -> None:
    error = InvalidSettingsError(problem(7), problem(2))
    assert isinstance(error, ConfigurationError)
    assert [p.line for p in error.settings_problems] == [2, 7]
    assert error.problems[0] == "ss1.toml:2: server.id: found nothing, expected a text"

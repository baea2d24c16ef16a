"""What is wrong with a settings file: everything at once, each with its line."""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.exchange.errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SettingsProblem:
    """One thing to correct in a settings file."""

    file: str
    """Name of the file as given."""
    line: int
    """Line, from 1."""
    key: str
    """Key path, such as ``client[0].service[1].url``; empty for the file as a whole."""
    found: str
    """What stands there."""
    expected: str
    """What must stand there."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " + (f"{self.key}: " if self.key else "")
        return f"{where}found {self.found}, expected {self.expected}"


class InvalidSettingsError(ConfigurationError):
    """A settings file cannot be used; ``settings_problems`` lists every reason, in order of lines."""

    def __init__(self, *problems: SettingsProblem) -> None:
        self.settings_problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__(*(str(problem) for problem in self.settings_problems))

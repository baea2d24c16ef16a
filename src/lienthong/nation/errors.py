"""Everything that can go wrong while a country is made, run and told of.

NationError
├── FolderError     a folder holds no country, or holds something else
├── CommandError    a command failed
├── LaunchError     a process did not become ready
├── StoryError      a line of the story did not hold
├── JudgeError      a judge found something wrong
└── AbsentError     a judge is not installed
"""


class NationError(Exception):
    """Root of this layer's errors; the text is for people."""


class FolderError(NationError):
    """A folder holds no country, or holds something else."""


class CommandError(NationError):
    """A command failed; the text holds what it said."""


class LaunchError(NationError):
    """A process did not become ready; the text holds the end of its log."""


class StoryError(NationError):
    """A line of the story did not hold."""


class JudgeError(NationError):
    """A judge found something wrong; the text holds what it said."""


class AbsentError(NationError):
    """A judge is not installed; the text is its name."""

"""One browser for all tests of a module."""

from collections.abc import Iterator

import pytest
from tests.browser.chromium import Browser, running_chromium


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with running_chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running

import json
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

PACKAGES = ["lienthong.exchange.security.status", "lienthong.exchange.central.status_page"]


def _fields(node: object, name: str = "") -> Iterator[tuple[str, list[str]]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _fields(value, f"{name}.{key}")
    else:
        yield name, sorted(set(re.findall(r"\{(\w+)\}", str(node))))


@pytest.mark.parametrize("package", PACKAGES)
def test_both_languages_have_the_same_texts(package: str) -> None:
    texts = json.loads(files(package).joinpath("texts.json").read_text("utf-8"))
    assert dict(_fields(texts["vi"])) == dict(_fields(texts["en"]))

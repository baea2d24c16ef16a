import re

import pytest
from django.test import Client, RequestFactory

from lienthong.systems.foundation.ui.pages import _style, failed_page

client = Client(SERVER_NAME="localhost", headers={"Accept": "text/html"})


@pytest.mark.parametrize(
    ("query", "language", "title"), [("", "vi", "Không tìm thấy trang"), ("?lang=en", "en", "Page not found")]
)
def test_a_page_is_in_the_readers_language_and_says_so(query: str, language: str, title: str) -> None:
    answer = client.get(f"/nowhere{query}")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert answer["Content-Language"] == language
    assert f'<html lang="{language}">' in html
    assert f"<h1>{title}</h1>" in html


def test_pages_have_no_script_and_take_nothing_from_elsewhere() -> None:
    html = client.get("/nowhere").content.decode()
    assert "<script" not in html
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html)


def test_the_style_sheet_may_be_kept_as_its_address_follows_its_content() -> None:
    name = _style()[1]
    answer = client.get(f"/ui/{name}")
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    assert client.get("/ui/other.css").status_code == 404


def test_a_failure_of_ours_says_that_it_is_ours() -> None:
    answer = failed_page(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "không phải của bạn" in answer.content.decode()


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# WCAG 2.2: 1.4.3 text 4.5:1; 1.4.11 focus indicator 3:1.
@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "ground", 7.0),
        ("ink", "paper", 7.0),
        ("ink", "tint", 7.0),
        ("soft", "paper", 4.5),
        ("soft", "ground", 4.5),
        ("link", "ground", 4.5),
        ("link", "paper", 4.5),
        ("on-strong", "strong", 7.0),
        ("focus", "ground", 3.0),
    ],
)
def test_colours_differ_enough_in_light_and_dark(scheme: int, front: str, back: str, least: float) -> None:
    blocks = re.findall(r":root \{(.*?)\}", _style()[0], re.S)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", blocks[0]))
    if scheme:
        colours |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", blocks[1]))
    assert _contrast(colours[front], colours[back]) >= least

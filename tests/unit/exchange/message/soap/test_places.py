"""Where header blocks stand, told from the text alone, whatever else is written between them."""

from __future__ import annotations

import pytest

from lienthong.exchange.message.soap.places import blocks_of

HEADER = "<s:H>{}</s:H>"


def blocks(text: str, header: int = 0) -> list[str]:
    return [text[start:end] for start, end in blocks_of(text, header)]


@pytest.mark.parametrize(
    "expected",
    [
        [],
        ["<a/>"],
        ["<a></a>", "<b />", "<c\n>text</c\n>"],
        ["<a><b><c/></b><b/></a>", "<d/>"],
        ["<a b='>' c=\"/>\" d='\"'>&lt;</a>", '<e f="\'"/>'],
        ["<a><!-- </a> --><![CDATA[</a>]]><?p </a>?></a>"],
    ],
)
@pytest.mark.parametrize("between", ["", " > \n", "<!-- <x> -->", "<?p <x> ?>", "<![CDATA[<x>]]>"])
def test_blocks(expected: list[str], between: str) -> None:
    header = between + "".join(block + between for block in expected)
    for prolog in ("", "<?xml version='1.0'?><!-- <a> -->"):
        assert blocks(f"{prolog}<s:E>{between}<s:H>{header}</s:H><s:B><b/></s:B></s:E>") == expected


def test_the_header_is_told_by_its_place() -> None:
    text = "<s:E><x><y/></x><z/><s:H><a/></s:H><s:B><b/></s:B></s:E>"
    assert [blocks(text, place) for place in range(4)] == [["<y/>"], [], ["<a/>"], ["<b/>"]]


def test_a_text_without_that_header_has_no_blocks() -> None:
    assert blocks("<a/>") == []

import base64
import hashlib
import re

from lxml import html

from lienthong.exchange.pages import Cell, Notice, Page, State, Table, page_headers, render_page

NASTY = "<script>alert('\"&')</script>$title"


def page(text: str) -> Page:
    row = (Cell(text=text, note=text, state=State.BAD), Cell(text=text, code=True))
    return Page(
        language="vi",
        title=text,
        subtitle=text,
        other_language=text,
        notices=(Notice(state=State.WARNING, title=text, text=text, cure=text),),
        tables=(
            Table(heading=text, columns=(text, text), rows=(row,)),
            Table(heading=text, columns=(), rows=(), empty=text),
        ),
        footer=text,
    )


def test_everything_is_escaped() -> None:
    document = render_page(page(NASTY)).decode()
    tree = html.fromstring(document)
    assert tree.xpath("//script") == []
    assert document.count("$title") == document.count("&lt;script&gt;")
    assert tree.xpath("string(//td)").startswith(NASTY)


def test_nothing_is_loaded_and_nothing_runs() -> None:
    document = render_page(page("x")).decode()
    assert not re.search(r"<script|src=|<link|@import|url\(|\son\w+=", document)
    policy = page_headers()["Content-Security-Policy"]
    style = re.search(r"<style>(.*?)</style>", document, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_it_leads_to_the_other_language_and_changes_only_when_asked() -> None:
    """Source: WCAG 2.2 s.2.2.1, s.2.2.2."""
    tree = html.fromstring(render_page(page("x")).decode())
    assert tree.xpath("//meta[@http-equiv]") == []
    assert tree.xpath("//a/@href") == ["?lang=en"]
    assert tree.xpath("/html/@lang") == ["vi"]


def test_long_names_may_go_on_in_the_next_line() -> None:
    document = render_page(page("server.serverproxy.access_denied VN/GOV/000.00.00.G01")).decode()
    assert "server.<wbr>serverproxy.<wbr>access_<wbr>denied VN/<wbr>GOV/<wbr>000.00.00.G01" in document

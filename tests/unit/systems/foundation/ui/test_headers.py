from django.test import Client


def test_no_answer_is_stored_framed_or_passed_on() -> None:
    answer = Client(SERVER_NAME="localhost").get("/nowhere")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "noindex" in answer["X-Robots-Tag"]
    assert "Set-Cookie" not in answer

import json

from tests.fakes import instance_seen as seen

from lienthong.exchange.security.explain.own import judge_own_keys, judge_own_side
from lienthong.exchange.security.explain.report import json_of, table_of
from lienthong.exchange.security.explain.verdicts import Explanation


def explanation(*, responses: bool) -> Explanation:
    facts, question = seen.own_facts(responses=responses), seen.question()
    return Explanation(question=question, verdicts=(*judge_own_side(facts, question), *judge_own_keys(facts, question)))


def test_the_first_refusal_is_marked_with_fault_code_and_cure() -> None:
    told = table_of(explanation(responses=False), "vi")
    marked = [line for line in told.splitlines() if line.startswith(">>")]
    assert len(marked) == 1
    assert "Chứng thư xác thực của máy chủ ta" in marked[0]
    assert "mã lỗi bên gọi nhận: server.clientproxy.ssl_authentication_failed" in told
    assert "lienthong security refresh ocsp" in told
    assert told.endswith("Thông điệp sẽ bị từ chối ở bước: Chứng thư xác thực của máy chủ ta")


def test_nothing_refuses() -> None:
    assert table_of(explanation(responses=True), "en").endswith("Nothing would refuse the message.")


def test_as_json() -> None:
    told = json.loads(json.dumps(json_of(explanation(responses=False), "en")))
    assert told["refused"] is True
    assert told["first_refusal"] == "authentication"
    assert told["fault_code"] == "server.clientproxy.ssl_authentication_failed"
    assert told["steps"][3]["values"]["left"] == 600
    assert json_of(explanation(responses=True), "en")["first_refusal"] is None

"""Log containers (gói chứng cứ): what a security server keeps of a message, read, built and judged.

Source: message-path dossier s.5.5, s.5.6.
"""

from lienthong.exchange.message.evidence.container import EvidenceContainer, read_evidence
from lienthong.exchange.message.evidence.judgement import judge_evidence, verify_evidence
from lienthong.exchange.message.evidence.writing import container_name, write_evidence

__all__ = [
    "EvidenceContainer",
    "container_name",
    "judge_evidence",
    "read_evidence",
    "verify_evidence",
    "write_evidence",
]

"""Programs that nobody here wrote, and one script that imports nothing of ours, judge the evidence of the story.

The script and the environment of the ``xmlsec`` wheel belong to a checkout (``tests/judges``, ``.venv-judges``); they
are not installed with the package. A judge that is not here is named and counted, never passed over.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from ssl import DER_cert_to_PEM_cert
from xml.etree import ElementTree

from lienthong.nation.errors import AbsentError, JudgeError

CHECKOUT = Path(__file__).resolve().parents[3]
"""Where tests and judges are, when the package runs from a checkout."""
_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
_ID_ATTRIBUTE = "--id-attr:Id"
_SIGNED_PROPERTIES = "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """An evidence container laid out as files, with what it is judged by."""

    container: Path
    """The container itself."""
    folder: Path
    """Its entries, below this folder."""
    signer: Path
    """The signing certificate in the signature, PEM; only its issuer makes it believable."""
    authority: Path
    """The approved authority's certificate from the verification configuration, PEM."""
    tsa: Path
    """The approved timestamping authority's certificate from there, PEM."""
    body: Path | None
    """The message's body (of SOAP: the envelope), where the container withholds it; None where there is none."""

    @property
    def signatures(self) -> Path:
        """The signature document."""
        return self.folder / "META-INF" / "signatures.xml"


def lay_out(container: Path, verification_conf: Path, *, instance: str, body: Path | None) -> Exhibit:
    """Unpack a container beside itself and take the keys to judge it by from an unpacked ``/verificationconf``.

    Raises:
        JudgeError: the configuration or the signature lacks a certificate.
    """
    folder = container.with_suffix("")
    with zipfile.ZipFile(container) as archive:
        archive.extractall(folder)
    message = folder / "message.xml"
    if body is not None and message.read_bytes().startswith(b"<"):  # SOAP: what the log emptied is the message itself
        message.write_bytes(body.read_bytes())
    shared = ElementTree.parse(verification_conf / instance / "shared-params.xml").getroot()  # noqa: S314 - our own server's file
    signature = ElementTree.parse(folder / "META-INF" / "signatures.xml").getroot()  # noqa: S314 - our own server's file
    return Exhibit(
        container=container,
        folder=folder,
        signer=_certificate(signature, f".//{_DS}X509Certificate", folder / "signer.pem"),
        authority=_certificate(shared, "approvedCA/topCA/cert", folder / "authority.pem"),
        tsa=_certificate(shared, "approvedTSA/cert", folder / "tsa.pem"),
        body=body,
    )


def judge_signer(exhibit: Exhibit) -> str:
    """``openssl verify``: the approved authority issued the signing certificate; returns judge and version."""
    words = ("verify", "-partial_chain", "-CAfile", str(exhibit.authority), str(exhibit.signer))
    _run(_program("openssl"), *words)
    return _version("openssl")


def judge_signature(exhibit: Exhibit) -> str:
    """``xmlsec1`` or the xmlsec wheel: signature and every Reference are good; returns judge and version."""
    mapped = [(uri, exhibit.folder / uri.lstrip("/")) for uri in external_references(exhibit)]
    if shutil.which("xmlsec1"):
        words = [word for uri, file in mapped for word in (f"--url-map:{uri}", str(file))]
        key = ("--pubkey-cert-pem", str(exhibit.signer), _ID_ATTRIBUTE, _SIGNED_PROPERTIES)
        said = _run("xmlsec1", "--verify", *key, *words, str(exhibit.signatures))
        counted = re.search(r"SignedInfo References \(ok/all\): (\d+)/(\d+)", said)
        if not counted or counted[1] != counted[2] or int(counted[2]) != len(mapped) + 1:
            raise JudgeError(f"xmlsec1: {said.strip()}")
        return _version("xmlsec1")
    wheel, script = CHECKOUT / ".venv-judges" / "bin" / "python", CHECKOUT / "tests" / "judges" / "xmlsec_wheel.py"
    if not wheel.exists() or not script.exists():
        raise AbsentError("xmlsec1")
    files = [f"{uri}={file}" for uri, file in mapped]
    _run(str(wheel), str(script), str(exhibit.signatures), str(exhibit.signer), *files)
    return f"xmlsec {_run(str(wheel), '-c', 'import xmlsec; print(xmlsec.__version__)').strip()}"


def judge_hash_chains(exhibit: Exhibit) -> str:
    """The script of ``tests/judges``: every digest from the signed results down to the data agrees."""
    script = CHECKOUT / "tests" / "judges" / "hash_chain.py"
    if not script.exists():
        raise AbsentError("tests/judges/hash_chain.py")
    shown = [] if exhibit.body is None else ["--body", str(exhibit.body)]
    _run(sys.executable, "-I", str(script), str(exhibit.container), *shown)
    return "tests/judges/hash_chain.py"


def judge_timestamp(exhibit: Exhibit) -> str:
    """``openssl ts``: the token is the approved authority's, over the batch's result or over the signature value."""
    openssl = _program("openssl")
    token, data = exhibit.folder / "META-INF" / "timestamp.tst", exhibit.folder / "ts-hashchainresult.xml"
    if not token.exists():
        token, data = exhibit.folder / "single.tst", exhibit.folder / "signature-value"
        signature = ElementTree.parse(exhibit.signatures).getroot()  # noqa: S314 - our own server's file
        token.write_bytes(_base64(signature, f".//{_XADES}EncapsulatedTimeStamp"))
        data.write_bytes(_base64(signature, f".//{_DS}SignatureValue"))
    words = ("ts", "-verify", "-token_in", "-in", str(token), "-data", str(data), "-CAfile", str(exhibit.tsa))
    _run(openssl, *words, "-partial_chain")
    return _version("openssl")


def external_references(exhibit: Exhibit) -> list[str]:
    """What the signature refers to outside itself, in order."""
    signature = ElementTree.parse(exhibit.signatures).getroot()  # noqa: S314 - our own server's file
    uris = [reference.get("URI", "") for reference in signature.iter(f"{_DS}Reference")]
    return [uri for uri in uris if not uri.startswith("#")]


def _base64(root: ElementTree.Element, path: str) -> bytes:
    text = root.findtext(path)
    if not text:
        raise JudgeError(f"{path} is missing")
    return b64decode(text)


def _certificate(root: ElementTree.Element, path: str, target: Path) -> Path:
    target.write_text(DER_cert_to_PEM_cert(_base64(root, path)), "ascii")
    return target


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise AbsentError(name)
    return found


def _version(name: str) -> str:
    said = _run(name, "version" if name == "openssl" else "--version").split()
    return f"{name} {said[1]}"


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - no shell, words of our own
    said = done.stdout + done.stderr
    if done.returncode != 0:
        raise JudgeError(f"{Path(command[0]).name}: {said.strip()[-500:]}")
    return said

"""Recomputes the hash chains of an X-Road evidence container and compares every digest; imports nothing of the platform.

    python tests/judges/hash_chain.py CONTAINER.asice [--body FILE]

It reads the container with the standard library alone and follows the published description: the digest of a step is
that of the DER sequence of its inputs (digest, URI of the algorithm, empty transforms). A body that was withheld is
judged from FILE; without FILE its digest stands in the chain and is told as "not shown".
Exit code 0: everything agrees; 1: something does not.
"""

import argparse
import hashlib
import sys
import zipfile
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

CHAIN = "{http://cyber.ee/hashchain}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
ALGORITHMS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
BODY = "/attachment1"


class WrongError(Exception):
    """Something does not agree."""


@dataclass
class Judge:
    """One container, and what was said about it so far."""

    entries: dict[str, bytes]
    body: bytes | None
    said: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def judge(self) -> None:
        """The references of the signature, then the chains they lead to."""
        covered = self.references()
        if "/sig-hashchainresult.xml" in covered:
            self.chain("sig")
            covered |= self.used
        elif "/sig-hashchain.xml" in self.entries:
            raise WrongError("there is a hash chain, and the signature does not refer to it")
        unsigned = [name for name in ("/message.xml", *self.attachments()) if name not in covered]
        if unsigned:
            raise WrongError(f"nothing signed covers {', '.join(unsigned)}")
        if "/ts-hashchain.xml" in self.entries:
            self.chain("ts")
            if "/META-INF/signatures.xml" not in self.used:
                raise WrongError("the timestamp's chain does not cover the signature")

    def references(self) -> set[str]:
        """Compare the digest of every Reference to something outside the signature."""
        signature = parse(self.entry("/META-INF/signatures.xml"))
        found = set()
        for reference in signature.iter(f"{DS}Reference"):
            uri = reference.get("URI", "")
            if uri.startswith("#"):
                continue  # inside the signature: canonical XML, which xmlsec1 judges
            algorithm = reference.find(f"{DS}DigestMethod").get("Algorithm")
            self.compare(uri, digest(algorithm, self.entry(uri)), value_of(reference))
            found.add(uri)
        if not found:
            raise WrongError("the signature refers to nothing outside itself")
        return found

    def chain(self, name: str) -> None:
        """Recompute a chain from its result down to the data."""
        result = parse(self.entry(f"/{name}-hashchainresult.xml"))
        uri, hashmark, first = result.get("URI", "").partition("#")
        if uri != f"/{name}-hashchain.xml" or not hashmark:
            raise WrongError(f"the result of the {name} chain names {uri}#{first}")
        tree = parse(self.entry(uri))
        default = tree.find(f"{CHAIN}DefaultDigestMethod").get("Algorithm")
        steps = {step.get("id"): step for step in tree.iter(f"{CHAIN}HashStep")}
        algorithm = result.find(f"{DS}DigestMethod").get("Algorithm")
        top = self.step(steps, first, algorithm, default, depth=0)
        self.compare(f"{name} hash chain, {len(steps)} steps", top, value_of(result))

    def step(self, steps: dict, name: str, algorithm: str, default: str, depth: int) -> bytes:
        """The digest of one step."""
        if depth > len(steps) or name not in steps:
            raise WrongError(f"step {name} is missing or leads back to itself")
        encoded = b""
        for child in steps[name]:
            own = child.find(f"{DS}DigestMethod")
            uri = default if own is None else own.get("Algorithm")
            if child.find(f"{DS}Transforms") is not None or child.find(f"{CHAIN}Transforms") is not None:
                raise WrongError("this script does not judge transforms")
            if child.tag == f"{CHAIN}StepRef":
                found = self.step(steps, child.get("URI").removeprefix("#"), uri, default, depth + 1)
            elif child.tag == f"{CHAIN}DataRef":
                found = self.data(child, uri)
            else:
                found = value_of(child)
            encoded += der(0x30, der(0x04, found) + der(0x0C, uri.encode()) + der(0x30, b""))
        return digest(algorithm, der(0x30, encoded))

    def data(self, reference: ElementTree.Element, algorithm: str) -> bytes:
        """The digest of a data object: of its bytes where they are here, else as the chain states it."""
        name = reference.get("URI")
        self.used.add(name)
        stated = value_of(reference)
        content = self.entries.get(name, self.body if name == BODY else None)
        if content is None:
            self.said.append(f"{name}: not shown; its digest stands in the chain")
            return stated
        found = digest(algorithm, content)
        self.compare(name, found, stated)
        return found

    def entry(self, name: str) -> bytes:
        """Bytes of an entry."""
        if name not in self.entries:
            raise WrongError(f"{name} is missing")
        return self.entries[name]

    def attachments(self) -> list[str]:
        """Names of the bodies that are here."""
        return [name for name in self.entries if name.startswith("/attachment")]

    def compare(self, what: str, found: bytes, stated: bytes) -> None:
        """Say that two digests agree; raises WrongError."""
        if found != stated:
            raise WrongError(f"{what}: the digest does not agree")
        self.said.append(f"{what}: digest agrees")


def parse(content: bytes) -> ElementTree.Element:
    """Read XML that declares no types of its own."""
    if b"<!DOCTYPE" in content:
        raise WrongError("a document type is declared")
    return ElementTree.fromstring(content)


def value_of(element: ElementTree.Element) -> bytes:
    """The digest that an element states."""
    return b64decode(element.find(f"{DS}DigestValue").text)


def digest(algorithm: str, content: bytes) -> bytes:
    """Digest of bytes; raises WrongError for an algorithm that is not strong enough or not known."""
    if algorithm not in ALGORITHMS:
        raise WrongError(f"algorithm {algorithm} is not accepted")
    return hashlib.new(ALGORITHMS[algorithm], content).digest()


def der(tag: int, content: bytes) -> bytes:
    """One value in DER. Source: X.690 s.8.1."""
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def main() -> int:
    """Judge the container named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("container", type=Path)
    parser.add_argument("--body", type=Path, help="the body, where the container does not hold it")
    args = parser.parse_args()
    with zipfile.ZipFile(args.container) as archive:
        entries = {f"/{name}": archive.read(name) for name in archive.namelist()}
    body = args.body.read_bytes() if args.body else None
    is_soap, chain = entries.get("/message.xml", b"").startswith(b"<"), entries.get("/sig-hashchain.xml", b"")
    if body is not None and is_soap and f'"{BODY}"'.encode() not in chain:
        entries["/message.xml"], body = body, None
    judge = Judge(entries, body)
    try:
        judge.judge()
    except (WrongError, AttributeError, ValueError, ElementTree.ParseError) as exc:
        print(*judge.said, f"WRONG: {exc or type(exc).__name__}", sep="\n")
        return 1
    print(*judge.said, "OK", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

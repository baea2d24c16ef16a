"""Judges an XML signature with the xmlsec wheel, as the program xmlsec1 would; imports nothing of the platform.

    .venv-judges/bin/python tests/judges/xmlsec_wheel.py SIGNATURES.xml SIGNER.pem /URI=FILE …

The key comes from SIGNER.pem, a certificate; each external Reference is read from the FILE named for its URI.
Exit code 0: the signature and every Reference are good; 1: they are not.
"""

import sys
from pathlib import Path

import xmlsec
from lxml import etree

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"


def main() -> int:
    """Judge what the command line names."""
    signatures, signer, *mapped = sys.argv[1:]
    files = {uri.encode(): Path(name) for uri, _, name in (pair.partition("=") for pair in mapped)}
    opened: dict[int, tuple[bytes, list[int]]] = {}

    def open_uri(uri: bytes) -> int:
        opened[id(uri)] = (files[uri].read_bytes(), [0])
        return id(uri)

    def read(handle: int, buffer: memoryview) -> int:
        content, position = opened[handle]
        piece = content[position[0] : position[0] + len(buffer)]
        buffer[: len(piece)] = piece
        position[0] += len(piece)
        return len(piece)

    xmlsec.cleanup_callbacks()  # else the library opens files and addresses by itself
    xmlsec.register_callbacks(files.__contains__, open_uri, read, lambda handle: None)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.parse(signatures, parser).getroot()
    for properties in root.iter(f"{XADES}SignedProperties"):
        xmlsec.tree.add_ids(properties, ["Id"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(signer, xmlsec.KeyFormat.CERT_PEM)
    try:
        context.verify(next(root.iter(f"{DS}Signature")))
    except xmlsec.Error as exc:
        print(f"WRONG: {exc}")
        return 1
    print(f"OK, {len(list(root.iter(f'{DS}Reference')))} references")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Private parameters and anchors, between XML and model. Source: governance dossier s.1.2, s.1.4."""

from __future__ import annotations

from datetime import timedelta

from lxml import etree

from lienthong.exchange.globalconf.elements import certificate_of, certificates_of, client_of, text_of
from lienthong.exchange.globalconf.lexical import read_instant
from lienthong.exchange.globalconf.model import (
    AnchorSource,
    ConfigurationAnchor,
    ManagementService,
    PrivateParameters,
)
from lienthong.exchange.globalconf.tree import Node, binary, client_node, node, text

_SECONDS_MAX = 10**9


def seconds_of(element: etree._Element, name: str) -> timedelta:
    """A number of seconds, held within what an interval can be."""
    written = text_of(element, name).strip()
    sign, digits = (-1, written[1:]) if written.startswith("-") else (1, written.lstrip("+"))
    value = _SECONDS_MAX if len(digits.lstrip("0")) > 9 else int(digits)
    return timedelta(seconds=sign * value)


def read_anchor(element: etree._Element) -> ConfigurationAnchor:
    """Read a checked anchor element."""
    generated = element.findtext("generatedAt")
    return ConfigurationAnchor(
        instance=text_of(element, "instanceIdentifier"),
        generated_at=None if generated is None else read_instant(generated),
        sources=tuple(
            AnchorSource(
                download_url=text_of(source, "downloadURL").strip(),
                certificates=certificates_of(source, "verificationCert"),
            )
            for source in element.findall("source")
        ),
    )


def anchor_node(anchor: ConfigurationAnchor) -> Node:
    """The tree of an anchor."""
    generated = anchor.generated_at
    return node(
        "configurationAnchor",
        None if generated is None else text("generatedAt", generated.isoformat(timespec="milliseconds")),
        text("instanceIdentifier", anchor.instance),
        (
            node(
                "source",
                text("downloadURL", source.download_url),
                (binary("verificationCert", der) for der in source.certificates),
            )
            for source in anchor.sources
        ),
    )


def read_private(root: etree._Element) -> PrivateParameters:
    """Read checked private parameters; raises IdentifierError."""
    service = root.find("managementService")
    assert service is not None
    provider = service.find("managementRequestServiceProviderId")
    assert provider is not None
    return PrivateParameters(
        instance=text_of(root, "instanceIdentifier"),
        anchors=tuple(read_anchor(anchor) for anchor in root.findall("configurationAnchor")),
        management_service=ManagementService(
            auth_cert_reg_url=text_of(service, "authCertRegServiceAddress"),
            auth_cert_reg_certificate_der=certificate_of(service, "authCertRegServiceCert"),
            provider=client_of(provider),
        ),
        timestamping_interval=seconds_of(root, "timeStampingIntervalSeconds"),
    )


def private_node(parameters: PrivateParameters) -> Node:
    """The tree of private parameters."""
    service = parameters.management_service
    certificate = service.auth_cert_reg_certificate_der
    return node(
        "conf",
        text("instanceIdentifier", parameters.instance),
        (anchor_node(anchor) for anchor in parameters.anchors),
        node(
            "managementService",
            text("authCertRegServiceAddress", service.auth_cert_reg_url),
            None if certificate is None else binary("authCertRegServiceCert", certificate),
            client_node("managementRequestServiceProviderId", service.provider),
        ),
        text("timeStampingIntervalSeconds", int(parameters.timestamping_interval.total_seconds())),
    )

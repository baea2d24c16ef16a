"""publiccode.yml keeps to its standard, and says of us what is so. Source: publiccode.yml 0.4, core."""

import tomllib
from typing import Any

import pytest
import yaml
from tests.shared import ROOT

FILE: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MANDATORY = {
    "publiccodeYmlVersion": str,
    "name": str,
    "url": str,
    "releaseDate": str,
    "platforms": list,
    "categories": list,
    "developmentStatus": str,
    "softwareType": str,
    "description": dict,
    "legal": dict,
    "maintenance": dict,
    "localisation": dict,
}
OPTIONAL = {"softwareVersion", "intendedAudience", "dependsOn"}
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
TYPES = {f"standalone/{kind}" for kind in ("mobile", "iot", "desktop", "web", "backend", "other")}
TYPES |= {"addon", "library", "configurationFiles"}


def test_keys() -> None:
    assert {key: type(FILE.get(key)) for key in MANDATORY} == MANDATORY
    assert set(FILE) - set(MANDATORY) - OPTIONAL == set()


def test_values() -> None:
    assert FILE["publiccodeYmlVersion"] == "0.4"
    assert FILE["developmentStatus"] in STATUSES
    assert FILE["softwareType"] in TYPES
    assert FILE["url"].startswith("https://")
    assert FILE["maintenance"]["type"] == "community"
    assert all(contact["name"] for contact in FILE["maintenance"]["contacts"])
    assert FILE["localisation"]["localisationReady"] is True


@pytest.mark.parametrize("language", ["en", "vi"])
def test_description(language: str) -> None:
    described = FILE["description"][language]
    assert len(described["genericName"]) <= 35
    assert len(described["shortDescription"]) <= 150
    assert 150 <= len(described["longDescription"]) <= 10_000
    assert described["features"]
    assert all(len(feature) <= 100 for feature in described["features"])


def test_it_agrees_with_the_package() -> None:
    assert FILE["softwareVersion"] == PROJECT["version"]
    assert FILE["legal"]["license"] == PROJECT["license"]["text"]
    assert FILE["dependsOn"]["open"][0]["versionMin"] == PROJECT["requires-python"].removeprefix(">=")
    assert FILE["localisation"]["availableLanguages"] == ["en", "vi"] == sorted(FILE["description"])

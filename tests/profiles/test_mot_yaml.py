"""Files of the Model Openness Tool: what is written fits their schema and reads back to the same class."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from msgspec.structs import replace

from audit_sample import AUDIT
from openness_audit.errors import UsageError
from openness_audit.model.profiles import ProfilesDoc
from openness_audit.profiles.basis import Basis, Item
from openness_audit.profiles.data import load_profiles
from openness_audit.profiles.mof import mof
from openness_audit.profiles.mot_yaml import Release, read_mot, write_mot
from openness_audit.render.records.mof_yaml import render
from profiles_kit import bases, basis, changed

SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "mot" / "mof_schema.json"
RULES = load_profiles().mof
told = replace(AUDIT, profiles=ProfilesDoc(mof=mof(RULES, basis({"data-card": "unknown"}, "open"))))
RELEASE = Release(name="Tern 7B", producer="acme", license={"distribution": {"name": "Apache-2.0", "path": ""}})


@given(bases())
def test_what_is_written_reads_back_to_the_same_class(base: Basis) -> None:
    made = mof(RULES, base)
    read = read_mot(write_mot(RELEASE, made, {"Model card": "https://huggingface.co/acme/tern"})).mof

    assert (read.class_, read.at_least, read.at_most) == (made.class_, made.at_least, made.at_most)
    assert (read.progress, read.progress_at_most) == (made.progress, made.progress_at_most)


@pytest.mark.world
@pytest.mark.skipif(not SCHEMA.is_file(), reason="the upstream tool's schema is not beside this checkout")
def test_what_is_written_fits_their_schema() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    for base in (basis({}, "open"), basis({}, "closed"), basis({}, "unknown", "llama2")):
        text = write_mot(RELEASE, mof(RULES, base), {})
        jsonschema.validate(yaml.safe_load(text), schema)
    jsonschema.validate(yaml.safe_load(render(told)), schema)


def test_an_audit_is_written_with_names_addresses_and_what_is_missing_left_out() -> None:
    whole = yaml.safe_load(render(told))
    names = [row["name"] for row in whole["release"]["components"]]

    assert whole["framework"] == {"name": RULES.title, "version": "1.0", "date": "2024-12-15"}
    assert (whole["release"]["name"], whole["release"]["producer"]) == ("tern-7b", "acme")
    assert set(names) <= {component.name for component in RULES.components}
    assert len(names) == len(set(names))


OLD = """
framework: {name: Model Openness Framework, version: '1.0', date: '2024-12-15'}
release:
  name: Old
  producer: somebody
  github: https://github.com/acme/old
  license: {code: {name: MIT}}
  components:
  - {name: Model architecture}
  - {name: Model card, license_name: Apache 2.0, location: https://example.com}
  - {name: Data card, license: unlicensed}
  - {name: Technical report, license: all rights reserved}
  - {name: Technical report, license: MIT}
  - {name: A component of our own, license: MIT}
  - 7
"""


def test_older_files_are_read_and_what_cannot_be_read_is_left_out() -> None:
    found = read_mot(OLD)
    states = {row.name: row.state for row in found.mof.components}

    assert (found.name, found.producer, found.mof.class_) == ("Old", "somebody", "none")
    assert {name: state for name, state in states.items() if state != "missing"} == {
        "Model architecture": "included",
        "Model card": "included",
        "Data card": "unlicensed",
        "Technical report": "invalid",
    }


@pytest.mark.parametrize("text", ["", "7", "a: [", "release: 3", "release: {components: 5}", "x" * 1_000_001])
def test_what_is_no_listing_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError):
        read_mot(text)


def test_nothing_in_the_file_steers_a_terminal() -> None:
    base = basis({}, "unknown")
    item = base.items["weights"]
    odd = changed(base, Item(id="weights", bounds=item.bounds, why="\x1b[2J\u202eevil\x9b\ud800", covers=item.covers))

    text = write_mot(RELEASE, mof(RULES, odd), {})

    assert text.isascii()
    assert all(char.isprintable() or char == "\n" for char in text)

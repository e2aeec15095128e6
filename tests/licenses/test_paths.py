"""A file's name says whether it states terms."""

from __future__ import annotations

import pytest

from openness_audit.licenses.paths import license_role


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("LICENSE", "license"),
        ("LICENSE.txt", "license"),
        ("LICENCE.md", "license"),
        ("license-apache-2.0.txt", "license"),
        ("LICENSE-MODEL", "license"),
        ("MODEL_LICENSE", "license"),
        ("COPYING", "license"),
        ("COPYING.LESSER", "license"),
        ("Owl 7B LICENSE AGREEMENT", "license"),
        ("Community License for Owl Model.pdf", "license"),
        ("licenses/LICENSE", "license"),
        ("model_licenses/LICENSE-Owl-dev", "license"),
        ("LICENSE.Owl-1.1", "license"),
        ("Owl-Prohibited-Use-Policy.md", "use-policy"),
        ("third_party_licenses/LICENSE", None),
        ("Terms_of_Use.md", "license"),
        ("USE_POLICY.md", "use-policy"),
        ("Acceptable-Use-Policy.txt", "use-policy"),
        ("NOTICE", "notice"),
        ("THIRD_PARTY_NOTICES.txt", "notice"),
        ("license.py", None),
        ("LICENSE.json", None),
        ("license_classifier.safetensors", None),
        ("policy.zip", None),
        ("src/vendor/LICENSE", None),
        ("README.md", None),
        ("L" * 300, None),
        ("", None),
    ],
    ids=str,
)
def test_role(path: str, role: str | None) -> None:
    assert license_role(path) == role

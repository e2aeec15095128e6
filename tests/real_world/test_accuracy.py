"""Agreement with people's labels must not fall (needs the recorded world beside the checkout)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared"


@pytest.mark.world
@pytest.mark.skipif(not (SHARED / "golden").is_dir(), reason="the recorded world is not beside this checkout")
def test_agreement_on_the_labelled_models_does_not_fall() -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "accuracy.py"), str(SHARED), "--check"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr

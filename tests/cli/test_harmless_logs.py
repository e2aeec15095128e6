"""What is printed for people can be no command to a CI server that reads it as a log."""

from __future__ import annotations

import pytest

from openness_audit.cli.base import output

QUOTED = [
    ("::error::x", ": :error::x"),
    ("a\n  ::set-output name=verdict::met", "a\n  : :set-output name=verdict::met"),
    ("a ##[set-output name=verdict]met", "a ## [set-output name=verdict]met"),
    ("##vso[task.complete]", "##vso [task.complete]"),
    ("##teamcity[x]", "##teamcity [x]"),
    ("std::vector, a::b, # [x], ## Title", "std::vector, a::b, # [x], ## Title"),
]


@pytest.mark.parametrize(("text", "shown"), QUOTED)
def test_commands_in_quoted_words_are_broken(text: str, shown: str, capfd: pytest.CaptureFixture[str]) -> None:
    output.emit(f"{text}\n")
    output.tell(text.replace("\n", " "))

    told = capfd.readouterr()
    assert told.out == f"{shown}\n"
    assert "##[" not in told.err
    assert not told.err.lstrip().startswith("::")


def test_what_machines_read_stays_as_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    output.emit("::error::ours\n", machine=True)

    assert capfd.readouterr().out == "::error::ours\n"

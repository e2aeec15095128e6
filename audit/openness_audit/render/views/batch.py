"""What reports of several models share: one word for each outcome, and where a model is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openness_audit import exits
from openness_audit.model.batch import STDIN
from openness_audit.render.escape import clean
from openness_audit.render.views import audit as view
from openness_audit.wording import plural

if TYPE_CHECKING:
    from openness_audit.model.batch import Batch, Item, Origin


def code_of(item: Item) -> int:
    """Give the exit code that one model earns."""
    if item.audit is not None:
        return exits.of_audit(item.audit)[0]
    return item.problem.code if item.problem else exits.FAILED


def outcome(item: Item) -> str:
    """Say in one word how it came out: the policy's result, audited where there is none, or not-audited."""
    if item.audit is None:
        return "not-audited"
    return item.audit.verdict.policy.result if item.audit.verdict.policy else "audited"


def exit_code(batch: Batch) -> int:
    """Give the exit code of all models."""
    return exits.of_many(code_of(item) for item in batch.items)


def name_of(item: Item) -> str:
    """Name a model: by its id where it was audited, else as it was asked for."""
    return clean(item.audit.subject.id if item.audit else item.asked.removeprefix("hf://")) or "(no name)"


def offline_words(batch: Batch) -> str:
    """Say that nothing was asked over the network; of several models, which were not."""
    every = [
        (item.audit.subject.id, said) for item in batch.items if item.audit and (said := view.offline_words(item.audit))
    ]
    if len(every) == 1:
        name, said = every[0]
        return said if len(batch.items) == 1 else f"{clean(name)}: {said}"
    if not every:
        return ""
    return f"offline: no source was asked about {plural(len(every), 'model')}; they may have changed since"


def problem_words(item: Item) -> str:
    """Say why there is no audit, for a sentence that names the model already."""
    said, name = clean(item.problem.message) if item.problem else "", name_of(item)
    for known in (name, name.partition("@")[0]):
        if said.startswith(f"{known} "):
            return f"it {said.removeprefix(f'{known} ')}"
        if said.startswith(f"{known}: "):
            return said.removeprefix(f"{known}: ")
    return said


def alias(item: Item) -> str:
    """Give the name by which a model was asked for, where it has another one by now; else nothing."""
    if item.audit is None or item.audit.subject.kind != "model":
        return ""
    asked = clean(item.asked.removeprefix("hf://").partition("@")[0])
    known = asked.casefold() == clean(item.audit.subject.id).casefold()
    return "" if known or "://" in asked else asked


def named_at(origin: Origin) -> str:
    """Say where the user's files name a model: `models.txt:3`."""
    path = "standard input" if origin.path == STDIN else clean(origin.path)
    return f"{path}:{origin.line}"

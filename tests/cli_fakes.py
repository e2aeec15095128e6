"""A pipeline made of a function, and a way to run a command line with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import msgspec

from audit_sample import AUDIT
from openness_audit.cli.base.services import Services
from openness_audit.cli.entry import run
from openness_audit.errors import SubjectNotFoundError
from openness_audit.model.rules import Cap, Condition, Remediation, Rule, Signal
from openness_audit.ruleset import RuleSet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openness_audit.model.audit import Audit
    from openness_audit.settings import Settings, Target

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def rule(name: str, criterion: str | None = None) -> Rule:
    return Rule(
        id=name,
        kind="component",
        component=name,
        criterion=criterion,
        title=name.replace("-", " ").capitalize(),
        question="Is the code that evaluates the model public?",
        levels={"open": "scripts for this model", "partial": "a harness without settings", "closed": "none"},
        signals=(
            Signal(
                check="repository",
                args={"role": "evaluation", "levels": ["full"]},
                gives="open",
                why="{object} holds {names}",
            ),
            Signal(check="mention", args={"topic": "harness"}, gives="partial", why="the harness {object} is named"),
        ),
        caps=(Cap(check="mention", args={"topic": "tutorial"}, most="partial", why="only prose says so"),),
        not_applicable=(Condition(check="file", args={"kinds": ["weights-quantized"]}, why="a bare quantisation"),),
        inherits={"quantized": "parent"},
        rationale="Results that cannot be repeated are claims.",
        remediation=Remediation(text="link the scripts", effort="medium", patch="evaluation:\n  code: URL"),
        references=("https://example.org/criteria",),
        since="1.0.0",
    )


RULES = RuleSet(
    rules=(
        rule("evaluation-code", "evaluation-code"),
        rule("finetuning-data", "data"),
        rule("pretraining-data", "data"),
        Rule(
            id="tag-text",
            kind="finding",
            title="The licence file is another than the tag says",
            question="Do tag and text agree?",
            when=(Condition(check="license-conflict", args={"kind": "tag-text"}, why="{detail}"),),
            message="{object}: {detail}",
            severity="error",
            rationale="The text binds.",
            remediation=Remediation(text="declare the licence that the file holds", effort="low"),
            since="1.0.0",
        ),
    ),
    version="1.0.0",
    digest="sha256:" + "11" * 32,
    vocabulary_digest="sha256:" + "22" * 32,
)


def audited(target: Target) -> Audit:
    return msgspec.structs.replace(AUDIT, subject=msgspec.structs.replace(AUDIT.subject, id=target.id))


@dataclass
class Fake:
    """Answers for models that exist, and remembers what it was asked."""

    answer: Callable[[Target], Audit] = audited
    environ: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[Target, Settings, date]] = field(default_factory=list)

    def audit_model(
        self,
        target: Target,
        settings: Settings,
        *,
        rules: RuleSet,
        now: datetime,
        as_of: date,
        progress: Callable[[str], None],
    ) -> Audit:
        assert (rules, now) == (RULES, NOW)
        self.asked.append((target, settings, as_of))
        progress("reading the card")
        if "missing" in target.id:
            raise SubjectNotFoundError(
                f"{target.id}: not found, or private", hint="check the spelling; set HF_TOKEN if it is private"
            )
        return self.answer(target)

    def load_rules(self, _extra: Path | None) -> RuleSet:
        return RULES

    def __call__(self, *arguments: str) -> int:
        """Run a command line with this pipeline."""
        services = Services(
            audit_model=self.audit_model, load_rules=self.load_rules, now=lambda: NOW, environ=self.environ
        )
        return run(arguments, services)

"""The stages of an audit: fetch what is needed, look up the base models, judge what was read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from msgspec import Struct

from openness_audit.ancestors import Ancestor, climb, undecided
from openness_audit.capturing import WORKERS, Pools, capture_model, threads
from openness_audit.claims import with_claims
from openness_audit.collect.assemble import TURN, complete
from openness_audit.document.build import Context, build
from openness_audit.errors import SourceUnreachableError
from openness_audit.evaluate import evaluate
from openness_audit.fixes.counterfactuals import fixes
from openness_audit.judge import judge
from openness_audit.licenses.chain_effective import open_above
from openness_audit.model.audit import Audit, RequestsDoc, RunDoc, Tool
from openness_audit.model.audit import RuleSet as RuleSetDoc
from openness_audit.model.capture import Failure, Listing, RepoInfo, Text
from openness_audit.model.chain import Node
from openness_audit.model.evidence import Absent, Unavailable
from openness_audit.model.facts import Facts
from openness_audit.profiles.read import basis_of
from openness_audit.ruleset import RuleSet
from openness_audit.settings import Settings, Target
from openness_audit.upstream import Lookups, chain_of, with_chain

if TYPE_CHECKING:
    from openness_audit.sources.api import Sources

CLIMBERS = 4  # base models read at a time


@cache
def _version() -> str:
    """Look up the program's version, once: it stands in a file that takes 1 ms to read."""
    return version("openness-audit")


def tool(rules: RuleSet) -> Tool:
    """Name the program and the knowledge it judges by."""
    return Tool(
        name="modelaudit",
        version=_version(),
        ruleset=RuleSetDoc(version=rules.version, digest=rules.digest),
        vocabulary_digest=rules.vocabulary_digest,
    )


def audit_facts(
    facts: Facts,
    rules: RuleSet,
    as_of: date,
    run: RunDoc,
    *,
    listing: Listing | None = None,
    ancestors: Mapping[str, Ancestor] | None = None,
    terms: Mapping[str, Node] | None = None,
) -> Audit:
    """Judge collected facts. Pure: the same facts, rules and date give the same document but for `run`.

    `ancestors` are the base models that were read in full, `terms` what was looked up of the others. Threads take
    turns.
    """
    above = ancestors or {}
    with TURN:
        chain = chain_of(facts, above, terms)
        facts = with_chain(facts, chain)
        found = evaluate(rules.rules, facts, {name: a.assessments for name, a in above.items()})
        read_in_full = {name: (a.facts, a.assessments) for name, a in above.items()}
        basis = basis_of(facts, found.assessments, above=read_in_full, chain=chain)
        judgement = judge(facts, found.assessments, chain.effective.family, basis)
        facts, found = with_claims(facts, rules.rules, found, judgement, chain)
        context = Context(
            tool=tool(rules),
            as_of=as_of.isoformat(),
            run=run,
            listing=listing,
            ancestors=above,
            chain=chain,
            fixes=fixes(facts, rules.rules, found, judgement, free_above=open_above(chain.binding)),
        )
        return build(facts, rules.rules, found, judgement, context)


class Found(Struct, frozen=True, kw_only=True):
    """The facts of the model to be audited, and its file listing where there is one."""

    facts: Facts
    listing: Listing | None


def subject(
    sources: Sources,
    target: Target,
    progress: Callable[[str], None],
    *,
    check_links: bool = False,
    pools: Pools | None = None,
) -> Found:
    """Look up the model to be audited, and read it. Raises NoVerdictError where there is nothing to judge."""
    progress(f"looking up {target.id}")
    info = sources.subject(target.id, target.revision)
    capture, reading = capture_model(sources, info, progress, check_links=check_links, pools=pools)
    facts = complete(capture, reading, local=target.kind == "directory", disclosed=True)
    if nothing_seen(facts):
        detail = facts.unread[0].cause.detail if facts.unread else "no card and no file listing could be read"
        raise SourceUnreachableError(
            f"nothing of {info.id} could be read: {detail}",
            hint="try again later, set HF_TOKEN if the model is gated, or raise --timeout",
        )
    return Found(facts=facts, listing=capture.listing if isinstance(capture.listing, Listing) else None)


def ancestor(
    sources: Sources, name: str, progress: Callable[[str], None], *, pools: Pools | None = None
) -> Facts | None:
    """Read a base model; None where it cannot be looked up."""
    info = sources.info("model", name)
    if not isinstance(info, RepoInfo):
        return None
    capture, reading = capture_model(sources, info, progress, pools=pools)
    return complete(capture, reading)


def climb_from(
    facts: Facts, rules: RuleSet, collect: Callable[[str], Facts | None], *, pools: Pools | None = None
) -> dict[str, Ancestor]:
    """Collect and evaluate the base models, unless no level hangs on them."""
    if not undecided(rules.rules, facts):
        return {}
    with threads(pools.climbing if pools else None, CLIMBERS, "ancestors") as pool:
        return climb(facts, rules.rules, collect, pool)


class Above(Struct, frozen=True):
    """The base models: those that were read in full, and the terms of all."""

    ancestors: dict[str, Ancestor]
    terms: dict[str, Node]


def look_above(
    facts: Facts,
    rules: RuleSet,
    collect: Callable[[str], Facts | None],
    ask: Callable[[str], RepoInfo | Failure],
    read_text: Callable[[RepoInfo, str], Text | Failure] | None = None,
    *,
    pools: Pools | None = None,
) -> Above:
    """Read the base models as far as levels hang on them, and look up the terms of all, both at the same time.

    Args:
        facts: the audited model's.
        rules: the rule set.
        collect: gives the facts of a model by id, or None where it cannot be looked up.
        ask: gives the Hub's record of a model.
        read_text: gives a file of a model, where the record names no terms.
        pools: threads to use; without them, some are started.
    """
    if not facts.lineage.parents:
        return Above({}, {})
    reading, beside = (pools.reading, pools.aside) if pools else (None, None)
    with threads(reading, WORKERS, "terms") as pool, threads(beside, 1, "aside") as aside:
        lookups = Lookups(ask, pool, read_text)
        early = aside.submit(lookups.climb, facts)
        ancestors = climb_from(facts, rules, collect, pools=pools)
        early.result()
        return Above(ancestors, lookups.climb(facts, ancestors))


def audit_sources(
    sources: Sources,
    target: Target,
    *,
    rules: RuleSet,
    as_of: date,
    run: Callable[[], RunDoc],
    progress: Callable[[str], None],
    check_links: bool,
) -> Audit:
    """Audit one model as far as these sources know it; `run` words the cost when all is asked.

    Raises NoVerdictError where there is nothing to judge.
    """
    found = subject(sources, target, progress, check_links=check_links)
    above = look_above(
        found.facts,
        rules,
        lambda name: ancestor(sources, name, progress),
        lambda name: sources.info("model", name),
        lambda info, path: sources.text("model", info.id, info.sha or "main", path),
    )
    return audit_facts(
        found.facts, rules, as_of, run(), listing=found.listing, ancestors=above.ancestors, terms=above.terms
    )


def nothing_seen(facts: Facts) -> bool:
    """Say whether neither the card nor the listing could be looked at: then there is nothing to audit."""
    card_unread = isinstance(facts.card, Unavailable)
    return card_unread and isinstance(facts.files, (Unavailable, Absent))


def run_doc(settings: Settings, sources: Sources | None, now: datetime, started: float) -> RunDoc:
    """Word what the run cost; without `sources` nothing was asked."""
    counts = sources.stats() if sources is not None else None
    return RunDoc(
        started_at=now.isoformat(timespec="seconds"),
        duration_s=round(time.monotonic() - started, 3),
        endpoint=sources.endpoint if sources is not None else settings.endpoint,
        requests=RequestsDoc(
            hub_api=counts.hub_api, hub_files=counts.hub_files, github=counts.github, other=counts.other
        )
        if counts is not None
        else RequestsDoc(),
        cache_hits=counts.cache_hits if counts is not None else 0,
        offline=settings.offline,
    )

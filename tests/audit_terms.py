"""Samples of the licence part: a crowded one, and one with a stranger's words in every field that can hold some."""

from __future__ import annotations

import msgspec

from audit_sample import AUDIT, BELL, BIDI, CHAIN, DUTIES, LICENSES, SCRIPT, USES, link
from openness_audit.model.audit import Audit

HOSTILE = f'"><img src=x onerror=alert(1)>{SCRIPT} {BIDI} {BELL} [x](javascript:alert(1)) | `@all` &amp; ]]> --> $1'
_change = msgspec.structs.replace


def crowded() -> Audit:
    """Give a merge of twelve models, each with a base of its own, and sixty obligations."""
    parents = [f"maker-{n}/part-of-a-merge-with-a-long-name-{n}" for n in range(12)]
    chain = [CHAIN[0]]
    for n, name in enumerate(parents):
        chain.append(link(name, ("acme/tern-7b",), "merge", "LicenseRef-hf-llama2", "community", "declared"))
        above = ("acme/tern-7b", name)
        chain.append(link(f"root-{n}/base", above, "finetune", "NOASSERTION", "unknown", "unknown"))
    duties = tuple(
        _change(
            DUTIES[n % 5],
            what=f"{DUTIES[n % 5].what}, number {n}: " + "as the text says in many words " * 6,
            source=parents[n % 12],
        )
        for n in range(60)
    )
    why = tuple(f"{name}: keep the notices of part {n} (A Licence, section {n})" for n, name in enumerate(parents))
    uses = tuple(_change(use, why=use.why + why) for use in USES)
    licenses = _change(LICENSES, chain=tuple(chain), obligations=duties, uses=uses, conflicts=LICENSES.conflicts * 8)
    return _change(AUDIT, licenses=licenses)


def poisoned() -> Audit:
    """Put the stranger's words into every field of the licence part that a stranger can reach."""
    lines = (HOSTILE, HOSTILE * 3)
    chain = [_change(row, expression=f"{row.expression} {HOSTILE}", family=HOSTILE) for row in CHAIN]
    chain[1] = _change(chain[1], id=HOSTILE, path=("acme/tern-7b", HOSTILE), relations=(HOSTILE,))
    licenses = _change(
        LICENSES,
        chain=tuple(chain),
        conflicts=tuple(
            _change(c, between=lines, why=HOSTILE, path=(*c.path, HOSTILE), clauses=lines) for c in LICENSES.conflicts
        ),
        notes=tuple(_change(n, between=lines, why=HOSTILE, path=(*n.path, HOSTILE)) for n in LICENSES.notes),
        uses=tuple(_change(use, why=lines, license_path=lines) for use in USES),
        obligations=tuple(
            _change(row, id=HOSTILE, what=HOSTILE, clause=HOSTILE, trigger=HOSTILE, source=HOSTILE, value=HOSTILE)
            for row in DUTIES
        ),
        effective=_change(LICENSES.effective, expression=HOSTILE, why=HOSTILE, inherited_from=HOSTILE),
        own=_change(LICENSES.own, expression=HOSTILE, why=HOSTILE),
        declared=_change(LICENSES.declared, raw=lines, expression=HOSTILE),
    )
    return _change(AUDIT, licenses=licenses)

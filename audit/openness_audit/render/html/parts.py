"""What the parts of the HTML page are made of: the licence's terms, claims and fixes, the policy's result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openness_audit.render.html import chain_svg
from openness_audit.render.views import audit as view
from openness_audit.render.views import claims as claims_view
from openness_audit.render.views import duties as duties_view
from openness_audit.render.views import policy as policy_view
from openness_audit.render.views import terms as terms_view
from openness_audit.render.views import tree

if TYPE_CHECKING:
    from openness_audit.model.audit import Audit


def terms(audit: Audit) -> dict[str, Any]:
    """Give what the licence part of the page is made of."""
    from markupsafe import Markup  # noqa: PLC0415 - only here

    nodes = {n.id: n for n in audit.lineage.nodes}
    return {
        "terms": terms_view,
        "asks": duties_view,
        "shape": lambda verdict: Markup(chain_svg.shape(verdict)),  # noqa: S704 - our own shapes
        "chain": Markup(chain_svg.draw(audit)),  # noqa: S704 - every word in it is escaped
        "stand": terms_view.stand(audit),
        "alike": terms_view.alike(audit),
        "steps": terms_view.steps(audit),
        "unread_terms": terms_view.unread(audit),
        "conflicts": terms_view.ranked_conflicts(audit),
        "duties": duties_view.grouped(audit),
        "model_url": lambda name: tree.hub_url(name, nodes.get(name)),
    }


def claims(audit: Audit) -> dict[str, Any]:
    """Give what the part on claims and on what can be mended is made of."""
    return {
        "claims": claims_view.rows(audit),
        "held_words": claims_view.HELD,
        "held_state": {"held": "open", "contradicted": "closed", "not-determined": "unknown"},
        "fixes": claims_view.found(audit),
        "adds": claims_view.additions,
        "span": view.interval,
        "to_class": claims_view.class_words(audit),
        "to_score": claims_view.score_words(audit),
    }


def policy(audit: Audit) -> dict[str, Any]:
    """Give what the policy's result is told by, and the verdict on the use the model is wanted for."""
    return {
        "policy": policy_view,
        "gate_line": policy_view.headline(audit),
        "wanted_line": policy_view.wanted(audit),
        "clause_rows": policy_view.rows(audit),
        "blocking": policy_view.blocking(audit),
    }

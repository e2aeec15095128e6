"""Say what a card is as a whole: its metadata block, how much was written, and how much is template."""

from __future__ import annotations

from openness_audit.collect.card.outline import template
from openness_audit.model.card import Card
from openness_audit.model.facts import CardFacts


def card_facts(card: Card) -> CardFacts:
    """Count the words and sections of a card and of its placeholders."""
    text = next((b.text for b in card.blocks if b.text.strip()), "")
    headed = [s for s in card.sections if s.index > 0]
    line = 1 if card.front_matter.line_end else next((b.line for b in card.blocks), 1)
    return CardFacts(
        front_matter=card.front_matter.state,
        problem=card.front_matter.problem,
        words=sum(s.words for s in card.sections),
        template_sections=sum(s.template for s in card.sections),
        sections=len(headed),
        place=card.document.at(line, text if line > 1 else "", text_kind="none"),
        trainer_generated=_generated(card),
    )


def _generated(card: Card) -> bool:
    """Recognise the card a training library writes by itself: by its tag, or by all of its standard sections."""
    tags = card.front_matter.values.get("tags")
    listed = {str(tag).lower() for tag in tags} if isinstance(tags, list) else {str(tags).lower()}
    if listed & template().generated_tags:
        return True
    titles = {s.title.lower().strip() for s in card.sections}
    return any(set(wanted) <= titles for wanted in template().generated_sections)

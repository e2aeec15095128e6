"""Hold audits against each other: side by side, before and after, approved and now."""

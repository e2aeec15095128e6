"""The same findings, read by each framework's own rules (criteria.md section 6). Pure."""

"""Scan a registry: which models, what it asks, how far it is; and tell what came of it."""

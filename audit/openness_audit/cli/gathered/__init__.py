"""Audit the models that a code base uses, or that a bill of materials names."""

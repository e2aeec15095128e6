"""Audit models, keep the evidence, and audit again from it."""

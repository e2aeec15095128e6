"""Decide from cited evidence how open a model on the Hugging Face Hub is, and what its licences allow."""

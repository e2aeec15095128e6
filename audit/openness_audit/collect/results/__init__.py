"""Evaluation results and training histories, and whose they are."""

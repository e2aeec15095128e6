"""Whose a statement is: this model's, its base's, or another's."""

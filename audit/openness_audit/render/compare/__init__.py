"""A comparison of several models, in every format."""

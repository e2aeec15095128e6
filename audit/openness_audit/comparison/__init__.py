"""Finished audits in, one comparison out. Pure."""

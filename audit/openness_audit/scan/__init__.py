"""Audits of many models: what is asked for, planned and run, and what comes of it kept in a folder."""

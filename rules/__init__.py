"""Rules, vocabularies and licence terms, as data."""

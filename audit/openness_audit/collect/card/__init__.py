"""A model card taken apart: metadata, sections, blocks, tables and links, each with its line."""

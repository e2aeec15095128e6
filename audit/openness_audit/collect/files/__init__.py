"""A repository's files, branches and tags, by kind."""

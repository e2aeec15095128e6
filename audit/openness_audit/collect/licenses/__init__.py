"""What a repository says of its licence: tag, texts and prose, and where they contradict each other."""

"""What of an audit is kept to compare a later one with, and what changed between the two. Pure."""

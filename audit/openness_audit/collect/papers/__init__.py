"""Papers, reports and posts, and what each covers."""

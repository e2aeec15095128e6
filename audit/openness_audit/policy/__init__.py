"""Read policies, and judge finished audits by them. Pure: files are read by `cli`."""

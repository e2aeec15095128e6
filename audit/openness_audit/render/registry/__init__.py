"""The report of a scan of many models, and what changed between two scans, in every format."""

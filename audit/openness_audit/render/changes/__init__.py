"""What changed of models since they were approved, or between two audits, in every format."""

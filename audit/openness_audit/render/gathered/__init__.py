"""Reports on models that were gathered: from a code base, or from a bill of materials."""

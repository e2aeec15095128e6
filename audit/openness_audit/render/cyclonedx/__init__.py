"""Bills of materials as CycloneDX: 1.6 and 1.7."""

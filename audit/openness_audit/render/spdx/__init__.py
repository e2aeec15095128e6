"""Bills of materials as SPDX: 2.3 in three forms, and 3.0.1."""

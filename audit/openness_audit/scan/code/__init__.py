"""Find the models that a code base uses: files in, usages out; nothing here audits."""

"""What a publisher can mend: the smallest set of fixes, and the patch of the card."""

"""Terms of the standards, and how they are spelled here."""

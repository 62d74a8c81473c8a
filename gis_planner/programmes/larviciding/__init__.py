"""Larviciding: which larval habitats matter most, and who treats them on which day of the week."""

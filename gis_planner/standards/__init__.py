"""Field norms as cited rows, and the book that hands them out."""

"""What is known: readers for the files partners send, repair and refusal, names and places, catalogue, provenance."""

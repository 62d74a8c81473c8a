"""Text to typed values, one rule per kind of value. Nothing is guessed; what was understood otherwise is said."""

"""One kind of decision each: need, candidates, choice, result tables."""

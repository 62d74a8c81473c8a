"""Wells: who has no place at a working water point, and what repairs and new boreholes serve most of them."""

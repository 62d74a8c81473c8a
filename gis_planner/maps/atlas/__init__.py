"""The printed atlas (A4, vector maps) and the pictures for messengers, from the result tables of a plan."""

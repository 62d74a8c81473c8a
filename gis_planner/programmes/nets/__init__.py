"""Net distribution: how many nets for whom, given out where, brought by which crew on which day."""

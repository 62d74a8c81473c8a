"""Plans with a proven bound: arrays in, a plan and its bound out. Knows no village, no file and no map."""

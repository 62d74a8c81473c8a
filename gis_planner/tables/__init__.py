"""What every table holds, layers in and results out: described once, checked the same way everywhere."""

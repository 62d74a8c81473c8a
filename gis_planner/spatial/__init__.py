"""Pure functions over the ground: grid, travel, flow of water, reach, zonal sums, setbacks, criteria. In metres."""

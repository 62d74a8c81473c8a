"""What the report and the comparison share: elements, numbers, plots, the map, packed points and the offline page."""

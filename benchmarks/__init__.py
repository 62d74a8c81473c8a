"""Speed and quality, measured with the peer in the same run: `make bench` or `make bench NAME=...`."""

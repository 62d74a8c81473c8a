"""Mappings by name: what the heads and words of known exports mean. Each adapter is a described TOML file beside this."""

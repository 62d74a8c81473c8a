"""What the heads and words of known exports mean: each adapter is a described TOML file beside this."""

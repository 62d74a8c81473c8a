"""Makes the teaching region: `python -m layers.ouelessebougou.simulate`, from the root of the project.

Facts are in `facts.toml`, each with its source; all else is drawn with the seed named there, one stream of random
numbers per layer, so that a change to one layer leaves the others as they are.
"""

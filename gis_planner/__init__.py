"""gis_planner: where wells, latrines, nets and mosquito control go, decided on a laptop without a network."""

__version__ = "0.1.0"

"""Writes every data file of the teaching region beside its catalogue, or into the folder given by `--out`."""

from __future__ import annotations

import argparse
from pathlib import Path

from layers.ouelessebougou.simulate import cover, mosquitoes, network, services, settlements, stocks, water, write
from layers.ouelessebougou.simulate.place import HERE, grid


def write_terrain(out: Path) -> None:
    """Elevation and streams: the slow step, about half a minute."""
    from layers.ouelessebougou.simulate import terrain

    fine, height = terrain.elevation()
    carved, flow, area_km2 = terrain.with_valleys(fine, height)
    write.write_tiff(out / "elevation.tif", fine, carved, dtype="float32", predictor=2)
    write.write_geojson(out / "streams.geojson", "streams", terrain.streams(fine, flow, area_km2))


def write_rest(out: Path, terrain_from: Path) -> None:
    """Every other layer, on the elevation and streams found in `terrain_from`."""
    streams = write.read_lines(terrain_from / "streams.geojson")
    height = write.read_tiff(terrain_from / "elevation.tif")
    waters = settlements.Waters(streams)
    places = settlements.settlements(waters)
    write.write_csv(out / "villages.csv", "villages", [place.row for place in places])
    write.write_csv(out / "households.csv", "households", settlements.household_rows(places))
    write.write_geojson(out / "communes.geojson", "communes", settlements.commune_rows())
    cells, people = settlements.population_raster(places)
    write.write_tiff(out / "population.tif", cells, people, dtype="int16", predictor=2)
    cells, classes = cover.land_cover(height, people, streams, grid(cover.COVER_M))
    write.write_tiff(out / "land_cover.tif", cells, classes, dtype="uint8", predictor=1)
    write.write_geojson(out / "zones.geojson", "zones", cover.zones(places, streams, waters))
    write.write_csv(out / "water_points.csv", "water_points", water.water_points(places, waters))
    write.write_csv(out / "drillings.csv", "drillings", water.drillings(places))
    schools = services.schools(places, waters)
    write.write_csv(out / "schools.csv", "schools", schools)
    write.write_csv(out / "health_posts.csv", "health_posts", services.health_posts(places, waters))
    write.write_csv(out / "latrines.csv", "latrines", services.latrines(places, schools, waters))
    write.write_geojson(out / "roads.geojson", "roads", network.roads(places, waters, streams))
    write.write_csv(out / "breeding_sites.csv", "breeding_sites", mosquitoes.visits(places, waters))
    for kind, rows in (("rain", stocks.rain()), ("depots", stocks.depots()), ("vehicles", stocks.vehicles()),
                       ("crews", stocks.crews()), ("costs", stocks.costs())):
        write.write_csv(out / f"{kind}.csv", kind, rows)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m layers.ouelessebougou.simulate", description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE.parent, help="folder to write into")
    parser.add_argument("--keep-terrain", action="store_true",
                        help="take elevation and streams from the region as it is, make the rest")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if not options.keep_terrain:
        write_terrain(options.out)
    write_rest(options.out, HERE.parent if options.keep_terrain else options.out)


if __name__ == "__main__":
    main()

"""The layers that a region may hold, as tables: `INPUTS[kind]`. The kinds are the words of `check FILE --as KIND`."""

from __future__ import annotations

from gis_planner.tables.column import Column, Table

TECHNOLOGIES = (
    "borehole_handpump", "borehole_tap", "protected_well", "open_well", "protected_spring", "open_spring",
    "rainwater", "surface_water", "other",
)
IMPROVED = frozenset({"borehole_handpump", "borehole_tap", "protected_well", "protected_spring", "rainwater"})
STATUSES = ("working", "not_working", "unknown")
HABITATS = (
    "puddle", "hoof_print", "rice_field", "borrow_pit", "stream_edge", "pond", "drain", "well_or_pit", "container",
    "tyre_track", "swamp", "garden", "other",
)
ZONE_KINDS = ("flood", "grave", "protected", "private", "rock", "military", "exclusion", "other")

_NAME = Column("name", "text", "Name", "Nom", "Name as people say it.", if_missing="shown by its id", required=False)
_VILLAGE = Column(
    "village_id", "id", "Village id", "Id du village", "Village that it belongs to.", required=False,
    if_missing="joined to the nearest village",
)

VILLAGES = Table(
    "villages", "Villages", "Villages", "one village", "village_id", means_people=True, columns=(
        Column("village_id", "id", "Village id", "Id du village", "Id that every output shares."),
        Column("name", "text", "Village", "Village", "Name as people say it."),
        Column("commune", "text", "Commune", "Commune", "Commune that the village belongs to.", required=False,
               if_missing="names are joined by place alone"),
        Column("population", "integer", "People", "Habitants", "People who live there.", "people", low=0, high=100_000),
        Column("kind", "category", "Kind", "Type", "Village, or camp of displaced families.", required=False,
               if_missing="counted as a village", choices=("village", "camp")),
        Column("mosquito_control", "flag", "Mosquito control", "Lutte antivectorielle",
               "Mosquito control works here already.", required=False, if_missing="counted as not yet"),
    ),
)
WATER_POINTS = Table(
    "water_points", "Water points", "Points d'eau", "one water point", "water_point_id", columns=(
        Column("water_point_id", "id", "Water point id", "Id du point d'eau", "Id that every output shares."),
        Column("technology", "category", "Technology", "Technologie", "How water is taken.", choices=TECHNOLOGIES),
        Column("status", "category", "Status", "État", "Whether it gives water.", choices=STATUSES),
        Column("static_water_level_m", "number", "Static water level", "Niveau statique",
               "Depth of the resting water below ground.", "m", required=False, low=-5, high=200,
               if_missing="not used for the expected level"),
        Column("install_year", "integer", "Built", "Construit", "Year of construction.", "year", required=False,
               low=1900, high=2100, if_missing="age not shown"),
        Column("seasonal", "flag", "Seasonal", "Saisonnier", "Dries up in the dry season.", required=False,
               if_missing="counted as giving water all year"),
        Column("yield_l_min", "number", "Yield", "Débit", "Water it gives.", "L/min", required=False, low=0,
               high=2000, if_missing="the norm of its technology is used"),
        _NAME, _VILLAGE,
    ),
)
DRILLINGS = Table(
    "drillings", "Drilling outcomes", "Forages réalisés", "one hole drilled", "drilling_id", columns=(
        Column("drilling_id", "id", "Drilling id", "Id du forage", "Id of the hole."),
        Column("date", "date", "Date", "Date", "Day it was drilled.", required=False, if_missing="age not shown"),
        Column("success", "flag", "Success", "Succès", "Gave enough water for a pump."),
        Column("depth_m", "number", "Depth", "Profondeur", "Depth drilled.", "m", required=False, low=0, high=500,
               if_missing="not used"),
        Column("static_water_level_m", "number", "Static water level", "Niveau statique",
               "Depth of the resting water below ground.", "m", required=False, low=-5, high=200,
               if_missing="not used for the expected level"),
        Column("hydrogeological_class", "text", "Hydrogeology", "Hydrogéologie", "Class of the ground.",
               required=False, if_missing="the region's class is used"),
    ),
)
LATRINES = Table(
    "latrines", "Latrines", "Latrines", "one latrine block", "latrine_id", columns=(
        Column("latrine_id", "id", "Latrine id", "Id de la latrine", "Id of the block."),
        Column("kind", "category", "Kind", "Type", "Who uses it.", choices=("household", "school", "communal", "camp")),
        Column("cabins", "integer", "Cabins", "Cabines", "Usable holes.", "cabins", low=0, high=200),
        Column("state", "category", "State", "État", "Whether it can be used.",
               choices=("usable", "full", "collapsed")),
        _VILLAGE,
    ),
)
ROADS = Table(
    "roads", "Roads and tracks", "Routes et pistes", "one stretch", "road_id", geometry="line", columns=(
        Column("road_id", "id", "Road id", "Id de la route", "Id of the stretch."),
        Column("highway", "text", "Class", "Classe", "OpenStreetMap class (primary, tertiary, track, path)."),
        Column("surface", "text", "Surface", "Revêtement", "Paved or unpaved.", required=False,
               if_missing="counted as unpaved"),
        Column("speed_kmh", "number", "Speed", "Vitesse", "Dry-season speed of a vehicle.", "km/h", low=1, high=130),
        Column("bridge", "flag", "Bridge", "Pont", "Crosses water on a bridge.", required=False,
               if_missing="counted as no bridge"),
        Column("passable_rainy", "flag", "Passable in the rains", "Praticable en saison des pluies",
               "Vehicles pass in the rainy season."),
    ),
)
STREAMS = Table(
    "streams", "Streams", "Cours d'eau", "one stretch", "stream_id", geometry="line", columns=(
        Column("stream_id", "id", "Stream id", "Id du cours d'eau", "Id of the stretch."),
        Column("seasonal", "flag", "Seasonal", "Saisonnier", "Dry outside the rains.", required=False,
               if_missing="counted as permanent"),
    ),
)
ZONES = Table(
    "zones", "Zones where nothing may be built", "Zones exclues", "one zone", "zone_id", geometry="polygon", columns=(
        Column("zone_id", "id", "Zone id", "Id de la zone", "Id of the zone."),
        Column("kind", "category", "Kind", "Type", "Why nothing may be built.", choices=ZONE_KINDS),
    ),
)
COMMUNES = Table(
    "communes", "Communes", "Communes", "one commune", "commune_id", geometry="polygon", columns=(
        Column("commune_id", "id", "P-code", "P-code", "Official code of the commune."),
        Column("name", "text", "Commune", "Commune", "Official name."),
    ),
)
SCHOOLS = Table(
    "schools", "Schools", "Écoles", "one school", "school_id", columns=(
        Column("school_id", "id", "School id", "Id de l'école", "Id of the school."), _NAME,
        Column("girls", "integer", "Girls", "Filles", "Girls enrolled.", "people", required=False, low=0, high=5000,
               if_missing="its latrine need is not computed"),
        Column("boys", "integer", "Boys", "Garçons", "Boys enrolled.", "people", required=False, low=0, high=5000,
               if_missing="its latrine need is not computed"),
        Column("staff", "integer", "Staff", "Personnel", "Staff.", "people", required=False, low=0, high=500,
               if_missing="counted as none"),
        _VILLAGE,
    ),
)
HEALTH_POSTS = Table(
    "health_posts", "Health posts", "Postes de santé", "one health post", "health_post_id", columns=(
        Column("health_post_id", "id", "Health post id", "Id du poste", "Id of the post."), _NAME,
    ),
)
BREEDING_SITES = Table(
    "breeding_sites", "Breeding-site visits", "Visites de gîtes larvaires", "one visit to one larval habitat",
    "site_id", repeated_key=True, columns=(
        Column("site_id", "id", "Site id", "Id du gîte", "Id of the larval habitat."),
        Column("survey_date", "date", "Visited", "Visité", "Day of the visit."),
        Column("habitat_type", "category", "Habitat", "Habitat", "Class of the habitat.", choices=HABITATS),
        Column("dips", "integer", "Dips", "Coups de louche", "Dips taken.", "dips", low=0, high=1000),
        Column("larvae", "integer", "Larvae", "Larves", "Anopheles larvae in all dips.", "larvae", low=0, high=100_000),
        Column("area_m2", "number", "Area", "Surface", "Water surface.", "m2", low=0, high=1_000_000),
        Column("accuracy_m", "number", "GPS accuracy", "Précision GPS", "Accuracy of the position.", "m",
               required=False, low=0, high=200, if_missing="position taken as given"),
    ),
)
HOUSEHOLDS = Table(
    "households", "Households", "Ménages", "one registered household", "household_id", means_people=True, columns=(
        Column("household_id", "id", "Household id", "Id du ménage", "Id in the register."),
        Column("village_id", "id", "Village id", "Id du village", "Village where it lives."),
        Column("people", "integer", "People", "Personnes", "People who sleep there.", "people", low=1, high=100),
    ),
)
DEPOTS = Table(
    "depots", "Depots", "Dépôts", "one depot", "depot_id", columns=(
        Column("depot_id", "id", "Depot id", "Id du dépôt", "Id of the depot."), _NAME,
        Column("nets", "integer", "Nets in stock", "Moustiquaires en stock", "Nets in stock.", "nets", required=False,
               low=0, high=10_000_000, if_missing="the stock is not checked against the need"),
    ),
)
VEHICLES = Table(
    "vehicles", "Vehicles", "Véhicules", "one kind of vehicle", "vehicle_id", geometry="none", columns=(
        Column("vehicle_id", "id", "Vehicle id", "Id du véhicule", "Id of the kind."), _NAME,
        Column("kind", "category", "Kind", "Type", "How it travels.", choices=("foot", "bicycle", "motorbike", "car",
                                                                               "truck")),
        Column("count", "integer", "Number", "Nombre", "How many there are.", "vehicles", low=0, high=1000),
        Column("capacity_bales", "integer", "Bales", "Balles", "Bales of nets it carries.", "bales", low=0, high=2000),
        Column("speed_kmh", "number", "Speed", "Vitesse", "Mean speed on tracks, dry season.", "km/h", low=1, high=130),
        Column("rainy_speed_kmh", "number", "Speed in the rains", "Vitesse en saison des pluies",
               "Mean speed on tracks, rainy season.", "km/h", low=1, high=130),
        Column("cost_per_km_fcfa", "number", "Cost per km", "Coût au km", "Fuel and wear.", "FCFA/km", low=0,
               high=100_000),
        Column("cost_per_day_fcfa", "number", "Cost per day", "Coût par jour", "Driver and hire.", "FCFA/day", low=0,
               high=10_000_000),
    ),
)
CREWS = Table(
    "crews", "Crews", "Équipes", "one crew", "crew_id", geometry="none", columns=(
        Column("crew_id", "id", "Crew id", "Id de l'équipe", "Id of the crew."), _NAME,
        Column("programme", "category", "Programme", "Programme", "What it does.", choices=("nets", "larviciding")),
        Column("vehicle_id", "id", "Vehicle id", "Id du véhicule", "How it travels."),
        Column("depot_id", "id", "Depot id", "Id du dépôt", "Where its day starts and ends."),
        Column("people", "integer", "People", "Personnes", "People in the crew.", "people", low=1, high=100),
        Column("cost_per_day_fcfa", "number", "Cost per day", "Coût par jour", "Pay of the crew.", "FCFA/day", low=0,
               high=10_000_000),
    ),
)
COSTS = Table(
    "costs", "Costs", "Coûts", "one price", "cost_id", geometry="none", columns=(
        Column("cost_id", "id", "Price id", "Id du prix", "Id that the settings name."),
        Column("value_fcfa", "number", "Price", "Prix", "Price of one.", "FCFA", low=0, high=1e9),
        Column("per", "text", "Per", "Par", "What one is."),
        Column("source", "text", "Source", "Source", "Where the price comes from."),
    ),
)
RAIN = Table(
    "rain", "Monthly rain", "Pluie mensuelle", "one month", "month", geometry="none", columns=(
        Column("month", "integer", "Month", "Mois", "Month of the year.", "month", low=1, high=12),
        Column("rain_mm", "number", "Rain", "Pluie", "Mean rain of the month.", "mm", low=0, high=2000),
    ),
)
POPULATION = Table(
    "population", "Population raster", "Population (raster)", "people in one cell", "value", geometry="raster",
    means_people=True, columns=(Column("value", "number", "People", "Habitants", "People in the cell.", "people",
                                       low=0, high=100_000),),
)
ELEVATION = Table(
    "elevation", "Elevation", "Altitude", "elevation of one cell", "value", geometry="raster",
    columns=(Column("value", "number", "Elevation", "Altitude", "Above sea level.", "m", low=-430, high=5000),),
)
LAND_COVER = Table(
    "land_cover", "Land cover", "Occupation du sol", "class of one cell", "value", geometry="raster",
    columns=(Column("value", "integer", "Class", "Classe", "ESA WorldCover class.", low=0, high=255),),
)

INPUTS: dict[str, Table] = {
    table.name: table
    for table in (
        VILLAGES, WATER_POINTS, DRILLINGS, LATRINES, ROADS, STREAMS, ZONES, COMMUNES, SCHOOLS, HEALTH_POSTS,
        BREEDING_SITES, HOUSEHOLDS, DEPOTS, VEHICLES, CREWS, COSTS, RAIN, POPULATION, ELEVATION, LAND_COVER,
    )
}

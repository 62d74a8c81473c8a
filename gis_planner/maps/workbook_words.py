"""The words of plan.xlsx in English and French."""

from __future__ import annotations

from gis_planner.tables.plan import Words

READ_ME = Words("Read me", "Lisez-moi")
SIMULATED = Words(
    "SIMULATED DATA: this plan shows how the tool works. Do not decide about real villages with it.",
    "DONNÉES SIMULÉES : ce plan montre l'outil. Ne décidez pas pour de vrais villages avec lui.",
)
ABOUT = (Words("Purpose", "But"), Words("Region", "Région"), Words("Season", "Saison"), Words("Version", "Version"))
HOW = (
    Words("Each sheet is one table; its head line stays in view and every column can be filtered.",
          "Chaque feuille est une table ; l'en-tête reste visible et chaque colonne se filtre."),
    Words("The ids are those of the maps, the atlas, the routes and the GeoPackage.",
          "Les identifiants sont ceux des cartes, de l'atlas, des tournées et du GeoPackage."),
    Words("Positions are WGS 84 in degrees. Amounts are in FCFA. No cell is a formula.",
          "Les positions sont en WGS 84, en degrés. Les montants sont en FCFA. Aucune cellule n'est une formule."),
    Words("The brown columns at the right are for the field: fill them in and send the workbook back.",
          "Les colonnes brunes à droite sont pour le terrain : remplissez-les et renvoyez le classeur."),
    Words("An empty cell means not known or does not apply.",
          "Une cellule vide veut dire inconnu ou sans objet."),
)
FLAGS = {True: Words("yes", "oui"), False: Words("no", "non")}
FIGURE_HEADS = (
    Words("Programme", "Programme"), Words("Figure", "Chiffre"), Words("Value", "Valeur"), Words("Unit", "Unité"),
    Words("Note", "Remarque"),
)
COLUMN_HEADS = (
    Words("Sheet", "Feuille"), Words("Column", "Colonne"), Words("Name in CSV", "Nom dans le CSV"),
    Words("Unit", "Unité"), Words("Meaning", "Sens"),
)
SHEETS = {
    "figures": Words("Figures", "Chiffres"), "columns": Words("Columns", "Colonnes"),
    "villages": Words("Villages", "Villages"), "wells": Words("Wells", "Puits et forages"),
    "wells_front": Words("Wells trade-offs", "Arbitrages puits"),
    "wells_ranks": Words("Wells ranks", "Rangs des puits"),
    "wells_weights": Words("Wells weights", "Poids des puits"),
    "wells_tornado": Words("Wells doubts", "Doutes sur les puits"),
    "latrines": Words("Latrines", "Latrines"), "net_points": Words("Net points", "Points de distribution"),
    "net_households": Words("Nets by household", "Moustiquaires par ménage"),
    "larviciding_sites": Words("Larval habitats", "Gîtes larvaires"),
    "larviciding_visits": Words("Larviciding visits", "Visites de traitement"),
    "routes": Words("Crew-days", "Tournées"), "stops": Words("Stops", "Arrêts"),
    "surveys": Words("Surveys", "Enquêtes"), "campaign_sessions": Words("Campaign sessions", "Séances de campagne"),
}

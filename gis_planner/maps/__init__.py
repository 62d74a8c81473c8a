"""Result tables drawn for three people's hands: web report, comparison, print, workbook, GIS and phone formats."""

"""Folium maps and their layers: frames in metres come in, one page comes out."""

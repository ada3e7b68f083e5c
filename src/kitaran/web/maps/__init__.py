"""The map of Asia and the Pacific as SVG made by the server."""

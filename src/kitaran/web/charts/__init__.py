"""Charts: Vega-Lite made with Altair, drawn by the server, redrawn in the browser where scripts run."""

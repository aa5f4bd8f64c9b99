"""Points, distances and projections; geocoding and routing behind Protocols."""

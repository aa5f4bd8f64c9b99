"""The site measured page by page, as a reader meets it."""

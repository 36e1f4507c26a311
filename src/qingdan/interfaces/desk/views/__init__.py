"""The pages of the desk and the units: one file a page, or a family of pages."""

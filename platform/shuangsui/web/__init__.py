"""Pages: templates, static files, the rules for what a browser may do with them."""

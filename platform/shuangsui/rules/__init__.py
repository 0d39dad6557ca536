"""Rules: dated packs of law and local measures, the layers in which they apply, and where every value comes from."""

"""Published pairs before and after a lever: as measured, as this engine predicts them, and how far apart they are."""

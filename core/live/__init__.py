"""Live intensity: what a grid's electricity emits now, asked of a service with its user's own key. Off by default."""

"""Stories: records and coverage that report one event. The door is `stories`."""

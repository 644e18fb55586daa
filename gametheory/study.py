"""The main job: one community, the same hours, five structures."""

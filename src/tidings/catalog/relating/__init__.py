"""Related articles: how near records are to each other. The door is `related`."""

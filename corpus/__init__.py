"""What a case is, and how cases, sources and facts are read from files."""

"""What every client of an outside service stands on. Knows no service, no project and no database."""

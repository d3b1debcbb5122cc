"""File storage for every file of a project. Knows nothing of projects or credits."""

"""File storage for every file of a project. It must never know projects or credits."""

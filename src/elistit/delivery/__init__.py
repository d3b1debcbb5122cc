"""Where finished files go: the store every file of a project lives in. Knows nothing of projects or credits."""

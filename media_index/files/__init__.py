"""Files on disks and elsewhere, and the processes that work on them."""

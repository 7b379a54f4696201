"""python -m consent.cli."""

from consent.cli import main

if __name__ == "__main__":
    main()

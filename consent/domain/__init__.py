"""The nouns and rules of consent: pure, over frozen dataclasses; time is passed in."""

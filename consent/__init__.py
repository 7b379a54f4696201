"""The register: who revoked what, and what may be used."""

import media_index as media_index  # says how NumPy is to run, before anything imports it

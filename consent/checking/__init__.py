"""The main job: may these photos be used?"""

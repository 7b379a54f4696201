"""Measuring what the index finds, on folders of labelled photos. Changes nothing, keeps nothing."""

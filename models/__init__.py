"""Outcomes, forecasts, their record: all made from a release alone."""

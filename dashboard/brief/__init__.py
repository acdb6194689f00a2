"""Briefings to print and mail: two pages on a State, four on a region or a list, as HTML and PDF. Needs no Streamlit.

`document.py` gathers what is said from the release, `render.py` sets it, `batch.py` makes many; `model.py` is between.
"""

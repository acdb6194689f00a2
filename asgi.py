"""The dashboard as an ASGI application, to serve it to many readers: `uvicorn asgi:app`. See app.py."""

import logging

import dashboard.store  # noqa: F401  so that the first reader does not wait for its libraries
from app import app
from dashboard import logs

logs.begin()

__all__ = ["app"]

# Streamlit turns uvicorn's log of requests on again, whatever uvicorn was told; who looks at what is nobody's business
logging.getLogger("uvicorn.access").disabled = True

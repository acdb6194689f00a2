"""The dashboard as an ASGI application with its feeds, to serve it to many readers: `uvicorn asgi:app`. See app.py."""

from streamlit.starlette import App

import dashboard.store  # noqa: F401  so that the first reader does not wait for its libraries
from dashboard import feed_routes

app = App("app.py", routes=feed_routes.routes())

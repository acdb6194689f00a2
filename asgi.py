"""The dashboard as an ASGI application, to serve it to many readers: `uvicorn asgi:app`. To try it: app.py."""

from streamlit.starlette import App

import dashboard.store  # noqa: F401  so that the first reader does not wait for its libraries

app = App("app.py")

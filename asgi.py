"""The dashboard as an ASGI application, to serve it to many readers: `uvicorn asgi:app`. To try it: app.py."""

from streamlit.starlette import App

app = App("app.py")

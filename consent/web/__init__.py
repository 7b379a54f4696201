"""The ASGI application: one gate before everything that Streamlit serves, and the sign-in."""

"""The only room of core that knows Streamlit."""

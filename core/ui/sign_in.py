"""What a visitor sees before they are let in: one sentence and a button, and nothing of any plan."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core import words
from core.door.caller import Outside
from core.ui import door

ASSETS = Path(__file__).parent / "assets"
_KEEP = st.components.v2.component(
    "glidepath_sign_in",
    html='<p role="alert" class="failed" hidden>The sign-in did not succeed. Try again, or ask who runs this app.</p>',
    css=(ASSETS / "sign_in.css").read_text(encoding="utf-8"),
    js=(ASSETS / "sign_in.js").read_text(encoding="utf-8"),
)


def lets_in() -> bool:
    """Whether the visitor may see the page; who may not is told why, and how to come in."""
    found = door.caller()
    if isinstance(found, Outside):
        _outside(found)
        return False
    return True


def _outside(found: Outside) -> None:
    st.title("Glidepath", anchor=False)
    st.markdown(words.markdown_safe(found.said))
    setting = door.settings()
    if setting.problem:
        return
    _KEEP(key="sign_in")
    with st.container(horizontal=True, gap="small"):
        for name in setting.providers or ("",):
            label = f"Sign in with {name}" if name and len(setting.providers) > 1 else "Sign in"
            args = (name,) if name else ()
            st.button(label, type="primary", key=f"sign_in_by:{name}", on_click=st.login, args=args)
        if found.known:
            st.button("Sign out", key="sign_out", on_click=st.logout)


def account() -> None:
    """Who is signed in, what they may do, and the way out; nothing where anybody may come in."""
    found = door.guest()
    if not found.authenticated:
        return
    with st.popover(words.markdown_safe(found.name), type="tertiary", icon=":material/person:", key="account"):
        st.markdown(f"Signed in as **{words.markdown_safe(found.name)}**, {found.called}.")
        st.button("Sign out", key="sign_out", on_click=st.logout)

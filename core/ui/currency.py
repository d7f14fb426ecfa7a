"""The currency on screen: three fields that only make sense together, so they are taken together."""

from __future__ import annotations

import streamlit as st

from core.plan import Plan, choices, knobs
from core.ui import fields, state

CURRENCY, RATE, DAY = "currency:name", "currency:rate", "currency:day"


def panel() -> None:
    """Currency, its rate to the dollar and the day of the rate, taken together by a button."""
    plan, said = state.plan(), knobs(Plan)
    listed = list(choices(Plan, "currency"))
    with st.form("currency", border=False):
        st.selectbox(
            fields.label(said["currency"]),
            listed,
            index=listed.index(plan.currency),
            key=CURRENCY,
            help=fields.help_text(said["currency"]),
        )
        rate, day = st.columns(2)
        with rate:
            st.number_input(
                fields.label(said["exchange_rate"]),
                value=plan.exchange_rate,
                format="%.4f",
                key=RATE,
                help=fields.help_text(said["exchange_rate"]),
            )
        with day:
            st.text_input(
                fields.label(said["currency_date"]),
                value=plan.currency_date,
                key=DAY,
                placeholder=fields.example_of(said["currency_date"]),
                help=fields.help_text(said["currency_date"]),
            )
        st.form_submit_button("Show costs in it", on_click=_take)


def _take() -> None:
    """All three at once; the dollar needs neither rate nor day."""
    name, rate, day = state.typed(CURRENCY), state.typed(RATE), state.typed(DAY)
    if name == "USD":
        rate, day = 1.0, ""
    state.attempt(lambda: state.plan().but(currency=name, exchange_rate=rate, currency_date=day))

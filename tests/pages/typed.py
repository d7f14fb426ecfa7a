"""What a person types into a field of a page, whether it is a number field or a line of text."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from core.ui.fields import number_text


def number_field(app: AppTest, key: str) -> Any:
    """A number's field by its key: a line of text where it may be blank."""
    return next(widget for kind in (app.number_input, app.text_input) for widget in kind if widget.key == key)


def fill(widget: Any, value: Any) -> Any:
    """Type a value, as text where the field is a line of text."""
    number = value is None or isinstance(value, int | float)
    return widget.set_value(number_text(value) if number and isinstance(widget, TextInput) else value)

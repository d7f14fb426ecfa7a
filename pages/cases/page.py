"""Cases: does this look like us?"""

from core.ui import cases, frame

frame.bar("Cases")
frame.messages()
cases.answer()
found = cases.asked()
pressed = cases.cards(found)
cases.open_case(pressed or cases.listed(found))
cases.announce(found)

"""Own data: the models, machines, places, supply and prices that no catalog holds."""

from core.ui import frame, own, own_config

frame.bar("Own data")
frame.messages()
own.intro()
for field in own.kinds():
    own.listed(field)
    if field == "models":
        own_config.panel()
    own.form(field)

"""Methods: can I trust it, and how do I cite it?"""

from core.ui import (
    evidence,
    frame,
    methods,
    methods_accuracy,
    methods_figure,
    methods_lists,
    methods_tables,
    methods_training,
    methods_weak,
    peers,
)

frame.bar("Methods")
frame.messages()
methods.answer()
methods.boundary()
with methods.opened("Figures", "Formulas", "Inputs", "Tables", "Left out", "Accuracy", "Changes") as name:
    if name == "Figures":
        methods_figure.figure()
    elif name == "Formulas":
        methods_lists.formulas()
    elif name == "Inputs":
        methods_tables.inputs()
    elif name == "Tables":
        methods_tables.tables()
    elif name == "Left out":
        methods.left_out()
    elif name == "Accuracy":
        methods_accuracy.answering()
        methods_training.training_runs()
        methods_weak.spots()
        methods_accuracy.beyond()
        evidence.levers()
        peers.measured()
        peers.training()
    else:
        methods.changes()

"""The generator of the fictional Brindlebase desk; run ``generate.py`` beside this folder."""

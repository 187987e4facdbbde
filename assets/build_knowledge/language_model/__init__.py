"""An optional language model: it proposes entries and category names, and people judge them as they judge any draft."""

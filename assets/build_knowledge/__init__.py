"""From help articles and answered tickets to reviewed entries that can be found."""

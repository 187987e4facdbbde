"""What exists: one package a stage, named so that they sort into the order the data flows."""

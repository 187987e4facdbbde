"""The pilot as a page for support leads and auditors."""

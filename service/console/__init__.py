"""The review console: pages in the browser, made with NiceGUI."""

"""Help centers to article sections: reading exports and files, cutting at headings, conditions."""

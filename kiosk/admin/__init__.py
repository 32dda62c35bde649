"""Administration: the installation set up in a browser. Every act stands in the trail; an auditor only reads."""

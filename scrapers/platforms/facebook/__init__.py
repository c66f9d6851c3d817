"""Facebook: pages through the Graph API by permission, anything else from captures."""

"""Instagram: professional accounts through Meta's API by permission, anything else from captures."""

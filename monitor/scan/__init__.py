"""One night: plan, collect, keep evidence, store, judge, reconcile."""

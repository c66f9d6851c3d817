"""Looking whether a machine and a workspace are sound, and saying how to mend what is not."""

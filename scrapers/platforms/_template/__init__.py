"""A platform to copy from: an invented API, as small as a platform can be and complete all the same."""

//! Messages: the worker link and the browser stream.

//! Module manifests: module.json to typed values, every problem with its place.

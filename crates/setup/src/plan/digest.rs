//! What a plan is approved by: a hash of all that would be done. What is only told, such as sizes and what stands in forms now, isn't
//! part of it.

use sha2::{Digest, Sha256};

use super::Plan;
use super::inputs::PlanInputs;

/// In hexadecimal.
pub(super) fn digest(inputs: &PlanInputs, plan: &Plan) -> String {
    let mut hash = Hash(Sha256::new());
    for (resolved, module) in inputs.in_order() {
        hash.add("module", [&resolved.slug, &module.fingerprint.to_string()]);
        let script = module.script.iter();
        for script in script {
            hash.add(
                "script",
                std::iter::once(&script.path).chain(&script.params),
            );
        }
    }
    for step in &plan.steps {
        hash.add("step", [&format!("{:?} {:?}", step.kind, step.state)]);
    }
    let packages = &plan.packages;
    hash.add("manager", [&packages.manager]);
    for names in packages.wanted.values() {
        hash.add("wanted", names);
    }
    for (kind, names) in [
        ("install", &packages.install),
        ("upgrade", &packages.upgrade),
        ("remove", &packages.remove),
    ] {
        let mut names = names.clone();
        names.sort();
        hash.add(kind, &names);
    }
    for repository in &plan.repositories {
        hash.add("repository", [&repository.slug, &repository.url]);
    }
    for service in &plan.services {
        hash.add("service", [&service.name]);
    }
    for port in &plan.ports {
        hash.add("port", [&port.port.to_string(), &port.protocol]);
    }
    hash.add("reboot", [&plan.reboot.to_string()]);
    hash.finish()
}

struct Hash(Sha256);

impl Hash {
    /// Adds texts so that no others could look the same: each with its length.
    fn add<'t>(&mut self, kind: &str, texts: impl IntoIterator<Item = &'t String>) {
        let texts: Vec<_> = texts.into_iter().collect();
        self.0.update(format!("{kind} {}\n", texts.len()));
        for text in texts {
            self.0.update(format!("{}:{text}\n", text.len()));
        }
    }

    fn finish(self) -> String {
        let bytes = self.0.finalize();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

//! No package manager: packages are nobody's business here.

use std::collections::BTreeSet;

use contara_manifest::PackageFamily;

use super::{Changes, Database, PackageManager};
use crate::command_run::CommandOrder;

/// Has no packages and changes none.
#[derive(Debug, Clone, Copy)]
pub struct NoPackages;

impl PackageManager for NoPackages {
    fn name(&self) -> &'static str {
        "none"
    }

    fn family(&self) -> Option<PackageFamily> {
        None
    }

    fn is_name(&self, _package: &str) -> bool {
        true
    }

    fn installed_query(&self) -> Option<CommandOrder> {
        None
    }

    fn read_installed(&self, _answer: &str) -> BTreeSet<String> {
        BTreeSet::new()
    }

    fn simulations(&self, _packages: &[String]) -> Vec<CommandOrder> {
        Vec::new()
    }

    fn read_simulations(&self, _answers: &str) -> Changes {
        Changes::default()
    }

    fn install(&self, _packages: &[String]) -> Option<CommandOrder> {
        None
    }

    fn refresh(&self) -> Option<CommandOrder> {
        None
    }

    fn repair(&self, _database: Option<&Database>) -> Option<CommandOrder> {
        None
    }

    fn lock_holder(&self, _database: Option<&Database>) -> Option<String> {
        None
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::super::{installed, simulate};
    use super::*;

    #[tokio::test]
    async fn it_has_nothing_and_does_nothing() {
        assert!(installed(&NoPackages).await.unwrap().is_empty());
        let changes = simulate(&NoPackages, &["bash".to_owned()]).await.unwrap();
        assert_eq!(changes, Changes::default());
        assert_eq!(NoPackages.install(&["bash".to_owned()]), None);
    }
}

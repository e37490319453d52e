//! Whether somebody answers where repositories are, remembered for a moment: a plan is made again when it is begun.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use contara_system::package_manager::repositories::Places;
use contara_system::reach::{Place, silent};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::plan::Contact;

/// Whoever is there answers within a fraction of it; nobody waits longer for a plan.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long an answer counts.
const FRESH: Duration = Duration::from_secs(10);

/// Who was asked lately.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// When, and whether there was an answer.
    known: Mutex<BTreeMap<Place, (Instant, bool)>>,
}

impl Reach {
    /// Who has to answer for each of these addresses, and whether they do. Addresses that can't be tried are left out.
    pub(super) async fn look(
        &self,
        places: &Places,
        urls: BTreeSet<String>,
    ) -> BTreeMap<String, Contact> {
        let contacts = urls.into_iter();
        let contacts = contacts.filter_map(|url| Some((places.contact(&url)?, url)));
        let contacts: Vec<_> = contacts.collect();
        let mut known = self.known.lock().await;
        known.retain(|_, (at, _)| at.elapsed() < FRESH);
        let wanted = contacts.iter().map(|(place, _)| place);
        let new: BTreeSet<_> = wanted
            .filter(|place| !known.contains_key(place))
            .cloned()
            .collect();
        let silent = silent(new.clone(), PATIENCE).await;
        let now = Instant::now();
        known.extend(new.into_iter().map(|place| {
            let answers = !silent.contains(&place);
            (place, (now, answers))
        }));
        let contact = |(place, url): (Place, String)| {
            let answers = known.get(&place).is_some_and(|(_, answers)| *answers);
            let contact = Contact {
                who: place.to_string(),
                is_folder: matches!(place, Place::Path(_)),
                answers,
            };
            (url, contact)
        };
        contacts.into_iter().map(contact).collect()
    }
}

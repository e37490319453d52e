//! Paired clients: known by the hash of their token, held in memory, kept in the store.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use contara_store::{ClientRow, Store, StoreError};
use thiserror::Error;
use tokio::sync::Mutex as Turn;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::secret;
use crate::clock;

/// How precisely it is known when a client was last there, in seconds; each note costs a write to the disk.
const SEEN_EVERY: i64 = 60;

/// A paired browser or program.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) id: i64,
    name: RwLock<String>,
    /// Held while it is renamed: what is stored last is also what is known.
    renaming: Turn<()>,
    pub(crate) created_at: i64,
    last_seen: AtomicI64,
    /// How many of its sockets are open.
    sockets: AtomicUsize,
    /// Ends the client's sockets.
    pub(crate) signed_out: CancellationToken,
}

/// An open socket of a client.
#[derive(Debug)]
pub(crate) struct Presence(Arc<Client>);

/// A client can't be added.
#[derive(Debug, Error)]
pub(crate) enum AdmitError {
    #[error("no random numbers: {0}")]
    Random(getrandom::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// All paired clients.
#[derive(Debug)]
pub(crate) struct Clients {
    store: Store,
    by_hash: RwLock<HashMap<[u8; 32], Arc<Client>>>,
}

impl Clients {
    pub(crate) fn load(store: Store) -> Result<Self, StoreError> {
        let rows = store.clients()?;
        let by_hash = rows
            .into_iter()
            .map(|row| (row.token_hash, Arc::new(Client::from(row))));
        Ok(Self {
            by_hash: RwLock::new(by_hash.collect()),
            store,
        })
    }

    /// Adds a client and returns it with its token, which is known to nobody else.
    pub(crate) async fn admit(&self, name: String) -> Result<(Arc<Client>, String), AdmitError> {
        let token = secret::token().map_err(AdmitError::Random)?;
        let hash = secret::hash(&token);
        let row = self
            .store
            .run(move |store| store.add_client(&name, hash, clock::unix_now()))
            .await?;
        let client = Arc::new(Client::from(row));
        self.by_hash
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(hash, Arc::clone(&client));
        Ok((client, token))
    }

    /// The client with this token.
    pub(crate) fn find(&self, token: &str) -> Option<Arc<Client>> {
        let hash = secret::hash(token);
        let client = self
            .by_hash
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&hash)
            .cloned()?;
        self.note_seen(&client);
        Some(client)
    }

    /// All of them, by id.
    pub(crate) fn all(&self) -> Vec<Arc<Client>> {
        let by_hash = self.by_hash.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = by_hash.values().cloned().collect();
        all.sort_by_key(|client| client.id);
        all
    }

    /// The client with this id.
    pub(crate) fn get(&self, id: i64) -> Option<Arc<Client>> {
        let by_hash = self.by_hash.read().unwrap_or_else(PoisonError::into_inner);
        by_hash.values().find(|client| client.id == id).cloned()
    }

    /// Gives a client another name.
    pub(crate) async fn rename(&self, client: &Client, name: String) -> Result<(), StoreError> {
        let _turn = client.renaming.lock().await;
        let (id, stored) = (client.id, name.clone());
        self.store
            .run(move |store| store.rename_client(id, &stored))
            .await?;
        *client.name.write().unwrap_or_else(PoisonError::into_inner) = name;
        Ok(())
    }

    /// Forgets a client: its token is worth nothing any more, and its sockets end.
    pub(crate) async fn forget(&self, client: &Client) -> Result<(), StoreError> {
        let id = client.id;
        self.store.run(move |store| store.remove_client(id)).await?;
        self.by_hash
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|_, known| known.id != id);
        client.signed_out.cancel();
        Ok(())
    }

    /// A client was there just now.
    pub(crate) fn note_seen(&self, client: &Client) {
        let now = clock::unix_now();
        let last = client.last_seen.load(Ordering::Relaxed);
        let is_due = now - last >= SEEN_EVERY;
        if !is_due
            || client
                .last_seen
                .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_err()
        {
            return;
        }
        let (store, id) = (self.store.clone(), client.id);
        tokio::spawn(async move {
            if let Err(error) = store.run(move |store| store.client_seen(id, now)).await {
                warn!("can't note when client {id} was last seen: {error}");
            }
        });
    }
}

impl Client {
    /// For people, such as "Firefox on Linux".
    pub(crate) fn name(&self) -> String {
        self.name
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether one of its sockets is open.
    pub(crate) fn is_connected(&self) -> bool {
        self.sockets.load(Ordering::Relaxed) > 0
    }

    /// Unix time in seconds: now if it is connected, else at most a minute behind.
    pub(crate) fn last_seen(&self) -> i64 {
        match self.is_connected() {
            true => clock::unix_now(),
            false => self.last_seen.load(Ordering::Relaxed),
        }
    }
}

impl Presence {
    pub(crate) fn of(client: Arc<Client>) -> Self {
        client.sockets.fetch_add(1, Ordering::Relaxed);
        Self(client)
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.sockets.fetch_sub(1, Ordering::Relaxed);
    }
}

impl From<ClientRow> for Client {
    fn from(row: ClientRow) -> Self {
        Self {
            id: row.id,
            name: RwLock::new(row.name),
            renaming: Turn::default(),
            created_at: row.created_at,
            last_seen: AtomicI64::new(row.last_seen),
            sockets: AtomicUsize::new(0),
            signed_out: CancellationToken::new(),
        }
    }
}

//! Paired clients: who they are, what they are called, and signing them out.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use contara_i18n::message;
use contara_store::StoreError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{self, RawBody};
use crate::activity::{Deed, What};
use crate::app::App;
use crate::auth::clients::Client;
use crate::auth::principal::{ADMIN, Principal};
use crate::clock;
use crate::refusal::{ProblemDetails, Refusal};

/// Characters in a client's name: it stands beside whatever the client does.
const LONGEST_NAME: usize = 64;

/// All paired clients.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PairedClients {
    /// By id, which is the order in which they were paired.
    clients: Vec<PairedClient>,
}

/// A paired client, as the owner of the machine sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PairedClient {
    id: i64,
    /// Such as "Firefox on Linux", or what it was called by a person.
    name: String,
    /// RFC 3339, UTC.
    created_at: String,
    /// RFC 3339, UTC: now if it is connected, else at most a minute behind.
    last_seen: String,
    /// Whether one of its sockets is open.
    connected: bool,
    /// Whether it is the one that asks.
    this: bool,
}

/// What a client is to be called.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the body; it is read field by field, for v1's errors"
)]
pub(crate) struct ClientName {
    /// 1 to 64 characters on one line.
    name: String,
}

/// Clients that were signed out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientsSignedOut {
    success: bool,
    /// How many.
    signed_out: usize,
}

/// All paired clients.
#[utoipa::path(get, path = "/api/clients", tag = "sign-in", security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = PairedClients),
    (status = 401, body = ProblemDetails),
))]
pub(crate) async fn list(State(app): State<Arc<App>>, principal: Principal) -> Json<PairedClients> {
    let all = app.clients.all();
    let clients = all.iter().map(|one| PairedClient::of(one, &principal));
    Json(PairedClients {
        clients: clients.collect(),
    })
}

/// Give a client another name.
#[utoipa::path(patch, path = "/api/clients/{id}", tag = "sign-in", params(("id" = i64, Path,)), request_body = ClientName,
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = PairedClient),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such client is paired", body = ProblemDetails),
    (status = 422, description = "not a name: see `errors`; or not the body that was expected", body = ProblemDetails),
))]
pub(crate) async fn rename(
    State(app): State<Arc<App>>,
    principal: Principal,
    Path(id): Path<String>,
    body: RawBody,
) -> Result<Json<PairedClient>, Refusal> {
    let client = find(&app, &id)?;
    let name = tidy_name(&body::text_field(body, "name")?)?;
    let (renaming, renamed) = (Arc::clone(&app), Arc::clone(&client));
    let rename = async move { renaming.clients.rename(&renamed, name).await };
    app.activity.to_the_end(rename).await?;
    Ok(Json(PairedClient::of(&client, &principal)))
}

/// Sign another client out: it is forgotten, and its sockets end with 4401.
#[utoipa::path(delete, path = "/api/clients/{id}", tag = "sign-in", params(("id" = i64, Path,)),
    security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = ClientsSignedOut),
    (status = 401, body = ProblemDetails),
    (status = 404, description = "no such client is paired; perhaps it was signed out before", body = ProblemDetails),
    (status = 409, description = "it is the client that asks: see `DELETE /api/auth/session`", body = ProblemDetails),
))]
pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    principal: Principal,
    Path(id): Path<String>,
) -> Result<Json<ClientsSignedOut>, Refusal> {
    let client = find(&app, &id)?;
    if is_asking(&client, &principal) {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            message!(
                "This is the client that asks. It signs itself out with DELETE /api/auth/session"
            ),
        ));
    }
    sign_out_all(&app, &principal, vec![client]).await
}

/// Sign all clients out but the one that asks.
#[utoipa::path(delete, path = "/api/clients", tag = "sign-in", security(("session" = []), ("bearer" = [])), responses(
    (status = 200, body = ClientsSignedOut),
    (status = 401, body = ProblemDetails),
))]
pub(crate) async fn sign_out_others(
    State(app): State<Arc<App>>,
    principal: Principal,
) -> Result<Json<ClientsSignedOut>, Refusal> {
    let mut others = app.clients.all();
    others.retain(|client| !is_asking(client, &principal));
    sign_out_all(&app, &principal, others).await
}

/// All of these, also if whoever asked goes away meanwhile.
async fn sign_out_all(
    app: &Arc<App>,
    by: &Principal,
    clients: Vec<Arc<Client>>,
) -> Result<Json<ClientsSignedOut>, Refusal> {
    let (leaving, by) = (Arc::clone(app), by.clone());
    let sign_out = async move {
        for client in &clients {
            leaving.clients.forget(client).await?;
            let revoked = What::Revoked {
                client: client.name(),
            };
            leaving.activity.record(Deed::done(&by, revoked));
        }
        Ok::<_, StoreError>(clients.len())
    };
    let signed_out = app.activity.to_the_end(sign_out).await?;
    Ok(Json(ClientsSignedOut {
        success: true,
        signed_out,
    }))
}

fn find(app: &App, id: &str) -> Result<Arc<Client>, Refusal> {
    let found = id.parse().ok().and_then(|id| app.clients.get(id));
    found.ok_or_else(|| {
        let reason = message!("No client with the number {id} is paired", id = id);
        Refusal::new(StatusCode::NOT_FOUND, reason)
    })
}

fn is_asking(client: &Client, principal: &Principal) -> bool {
    principal.client().is_some_and(|own| own.id == client.id)
}

/// Without spaces around it. The journal of setup knows who did something by the name alone, so nobody is called as the admin is.
fn tidy_name(typed: &str) -> Result<String, Refusal> {
    let name = typed.trim();
    let length = name.chars().count();
    let is_short = (1..=LONGEST_NAME).contains(&length);
    if is_short && !name.contains(is_unseen) && !name.eq_ignore_ascii_case(ADMIN) {
        return Ok(name.to_owned());
    }
    let why = match is_short && !name.contains(is_unseen) {
        true => message!("“{name}” is what Contara calls the admin", name = ADMIN),
        false => message!(
            "A name has 1 to {most} characters on one line",
            most = LONGEST_NAME as u64
        ),
    };
    let errors = BTreeMap::from([("name".to_owned(), why.clone())]);
    Err(Refusal::fields(why, errors))
}

/// Ends a line, turns what stands beside it round, or is not seen at all. Not the joiners, which some scripts and emoji need.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        )
        || matches!(letter, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

impl PairedClient {
    fn of(client: &Client, principal: &Principal) -> Self {
        Self {
            id: client.id,
            name: client.name(),
            created_at: clock::rfc3339(client.created_at),
            last_seen: clock::rfc3339(client.last_seen()),
            connected: client.is_connected(),
            this: is_asking(client, principal),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(tidy_name("  Küche \n").unwrap(), "Küche");
        assert_eq!(tidy_name(&"ü".repeat(64)).unwrap().chars().count(), 64);
        assert_eq!(tidy_name("👩\u{200d}🚀").unwrap(), "👩\u{200d}🚀");
        let long = "ü".repeat(65);
        let unseen = ["\u{202e}gnp", "two\u{2028}lines", "a\u{200b}b", "\u{2066}x"];
        for bad in ["", " \t ", "two\nlines", "nul\0", &long, "root", " Root "]
            .into_iter()
            .chain(unseen)
        {
            assert!(tidy_name(bad).is_err(), "{bad:?}");
        }
    }
}

//! Pairing as v1 has it: a code for a bearer token.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use contara_i18n::message;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{self, RawBody};
use crate::activity::{Deed, What};
use crate::app::App;
use crate::auth::clients::Client;
use crate::auth::pairing::PairingRefusal;
use crate::auth::principal::{Peer, Principal, client_name, may_pair};
use crate::refusal::{ProblemDetails, Refusal};

/// A code that the daemon showed.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the body; it is read field by field, for v1's errors"
)]
pub(crate) struct PairRequest {
    /// `XXXX-XXXX-XXXX`; case, dashes and spaces don't matter.
    pairing_code: String,
}

/// A new client's token.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Paired {
    success: bool,
    /// To be sent as `Authorization: Bearer`. Shown this once.
    api_token: String,
    message: &'static str,
}

/// A client that is no more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Unpaired {
    success: bool,
    message: &'static str,
}

/// Exchange a pairing code for a bearer token.
#[utoipa::path(post, path = "/api/auth/pair", tag = "sign-in", request_body = PairRequest, responses(
    (status = 200, body = Paired),
    (status = 401, description = "wrong, used or expired code", body = ProblemDetails),
    (status = 422, description = "not the body that was expected", body = ProblemDetails),
    (status = 429, description = "too many wrong codes", body = ProblemDetails),
))]
pub(crate) async fn pair(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<Json<Paired>, Refusal> {
    let (_, api_token) = admit(&app, peer, &uri, &headers, body).await?;
    Ok(Json(Paired {
        success: true,
        api_token,
        message: "Paired successfully",
    }))
}

/// Forget the client that asks; its sockets end.
#[utoipa::path(post, path = "/api/auth/unpair", tag = "sign-in", security(("bearer" = [])), responses(
    (status = 200, body = Unpaired),
    (status = 401, body = ProblemDetails),
))]
pub(crate) async fn unpair(
    State(app): State<Arc<App>>,
    principal: Principal,
) -> Result<Json<Unpaired>, Refusal> {
    leave(&app, &principal).await?;
    Ok(Json(Unpaired {
        success: true,
        message: "Unpaired successfully",
    }))
}

/// Turns the code in `body` into a client and its token.
pub(super) async fn admit(
    app: &App,
    peer: Peer,
    uri: &Uri,
    headers: &HeaderMap,
    body: RawBody,
) -> Result<(Arc<Client>, String), Refusal> {
    if !may_pair(headers, uri, &app.settings.cors_origins) {
        // Any page could otherwise lock its visitor's address out.
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            message!("This request comes from another site"),
        ));
    }
    let code = body::text_field(body, "pairing_code")?;
    let from = peer.address();
    let redeemed = app.pairing.redeem(&code, from, Instant::now());
    redeemed.map_err(|refusal| match refusal {
        PairingRefusal::Wrong => {
            app.activity.record(Deed::refused(What::WrongCode { from }));
            Refusal::unauthorized(message!("Invalid or expired pairing code"))
        }
        PairingRefusal::LockedOut { seconds } => {
            app.activity.record(Deed::refused(What::LockedOut));
            Refusal::locked_out(seconds)
        }
    })?;
    let admitted = app.clients.admit(client_name(headers)).await;
    let (client, token) = admitted.map_err(|error| Refusal::internal(&error))?;
    let paired = Principal::Client(Arc::clone(&client));
    app.activity
        .record(Deed::done(&paired, What::Paired { from }));
    Ok((client, token))
}

/// Forgets the client that asks, also if it goes away meanwhile; its sockets end. The admin has nothing to leave.
pub(super) async fn leave(app: &Arc<App>, principal: &Principal) -> Result<(), Refusal> {
    let Some(client) = principal.client().cloned() else {
        return Ok(());
    };
    let (leaving, principal) = (Arc::clone(app), principal.clone());
    let leave = async move {
        leaving.clients.forget(&client).await?;
        let left = Deed::done(&principal, What::SignedOut);
        leaving.activity.record(left);
        Ok(())
    };
    app.activity.to_the_end(leave).await
}

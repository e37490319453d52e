//! The REST API, one file per resource.

mod actions;
mod activity;
mod auth;
pub(crate) mod body;
mod clients;
mod dashboard;
mod dev;
mod environment;
mod health;
pub(crate) mod logs;
pub(crate) mod modules;
mod page;
mod pair;
mod session;
mod settings;
mod setup;
mod state;
mod system;

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use contara_i18n::message;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::refusal::Refusal;

#[derive(OpenApi)]
#[openapi(info(
    title = "Contara",
    description = "One machine's modules: their state, their actions, and who may see them. Errors are RFC 9457 problem details.",
    license(name = "Apache-2.0 OR MIT")
))]
struct Description;

/// All of `/api`, and what describes it.
pub(crate) fn router() -> Router<Arc<App>> {
    let (router, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(health::health))
        .routes(routes!(health::info))
        .routes(routes!(system::system))
        .routes(routes!(auth::pair))
        .routes(routes!(auth::unpair))
        .routes(routes!(
            session::sign_in,
            session::session,
            session::sign_out
        ))
        .routes(routes!(clients::list, clients::sign_out_others))
        .routes(routes!(clients::rename, clients::sign_out))
        .routes(routes!(activity::activity))
        .routes(routes!(state::state))
        .routes(routes!(modules::list))
        .routes(routes!(modules::enable))
        .routes(routes!(modules::disable))
        .routes(routes!(modules::ui))
        .routes(routes!(modules::tile))
        .routes(routes!(modules::modals))
        .routes(routes!(actions::list))
        .routes(routes!(actions::act))
        .routes(routes!(logs::logs))
        .routes(routes!(actions::cancel))
        .routes(routes!(page::page))
        .routes(routes!(environment::environment))
        .routes(routes!(settings::read, settings::write))
        .routes(routes!(dashboard::read, dashboard::write))
        .routes(routes!(pair::new_code))
        .routes(routes!(dev::develop))
        .merge(setup::router())
        .split_for_parts();
    describe_sign_in(&mut description);
    router
        .route("/api/openapi.json", get(async || Json(description)))
        .layer(SetResponseHeaderLayer::appending(
            header::VARY,
            HeaderValue::from_static("Accept-Language"),
        ))
        .method_not_allowed_fallback(|| async {
            Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                message!("Method Not Allowed"),
            )
        })
}

/// For paths under `/api` that are none.
pub(crate) fn not_found(uri: &Uri) -> Response {
    let trimmed = uri.path().trim_end_matches('/');
    if trimmed.len() < uri.path().len() && trimmed.len() > "/api".len() {
        let query = uri
            .query()
            .map_or_else(String::new, |query| format!("?{query}"));
        return Redirect::temporary(&format!("{trimmed}{query}")).into_response();
    }
    Refusal::new(StatusCode::NOT_FOUND, message!("Not Found")).into_response()
}

fn describe_sign_in(description: &mut utoipa::openapi::OpenApi) {
    let components = description.components.get_or_insert_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let cookie =
        ApiKeyValue::with_description("contara_<instance>", "Set by POST /api/auth/session");
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
}

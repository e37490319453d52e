//! The router with its layers, on TCP and on the admin socket.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::any;
use axum::serve::{IncomingStream, Listener};
use tokio::net::{TcpListener, TcpStream, UnixListener};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tracing::{debug, warn};

use crate::app::App;
use crate::auth::principal::Peer;
use crate::{api, refusal, stream, web};

/// The pages of v1's own clients. The last is what a packaged one has on Windows.
pub(crate) const V1_ORIGINS: [&str; 5] = [
    "http://localhost:1420",
    "http://127.0.0.1:1420",
    "tauri://localhost",
    "https://tauri.localhost",
    "http://tauri.localhost",
];

/// Only what Vite built runs, and only its style sheets count; widgets may set the style of single elements. Whatever a
/// module names, a browser asks nobody but us: a picture from elsewhere would tell its host who looks, and when.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// Bodies hold a form at most.
const LARGEST_BODY: usize = 1024 * 1024;

/// A TCP listener whose connections send each frame at once: frames are small, and somebody waits for each.
pub(crate) struct PromptListener(TcpListener);

impl Listener for PromptListener {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        let (connection, address) = Listener::accept(&mut self.0).await;
        if let Err(error) = connection.set_nodelay(true) {
            debug!("can't switch off Nagle's algorithm: {error}");
        }
        (connection, address)
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// Serves browsers and API clients until the app stops.
///
/// # Errors
/// The listener breaks.
pub async fn serve_tcp(listener: TcpListener, app: Arc<App>) -> std::io::Result<()> {
    serve(PromptListener(listener), app).await
}

/// Serves the admin on a Unix socket until the app stops.
///
/// # Errors
/// The listener breaks.
pub async fn serve_admin(listener: UnixListener, app: Arc<App>) -> std::io::Result<()> {
    serve(listener, app).await
}

async fn serve<L>(listener: L, app: Arc<App>) -> std::io::Result<()>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
    Peer: for<'a> Connected<IncomingStream<'a, L>>,
{
    let stopping = app.stopping.clone();
    let service = router(app).into_make_service_with_connect_info::<Peer>();
    axum::serve(listener, service)
        .with_graceful_shutdown(stopping.cancelled_owned())
        .await
}

fn router(app: Arc<App>) -> Router {
    let cors = cors(&app.settings.cors_origins);
    let router = api::router()
        .route("/ws", any(stream::connect))
        .fallback(fallback)
        .with_state(Arc::clone(&app));
    // One layer of several: each by itself would make every request pass one more boxed service.
    router.layer((
        cors,
        from_fn_with_state(app, refusal::in_language),
        DefaultBodyLimit::max(LARGEST_BODY),
        header("referrer-policy", "no-referrer"),
        header("x-content-type-options", "nosniff"),
        header("content-security-policy", CONTENT_SECURITY_POLICY),
    ))
}

/// For answers that don't have it.
fn header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    let name = HeaderName::from_static(name);
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

async fn fallback(request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return api::not_found(request.uri());
    }
    web::serve(request.method(), request.uri(), request.headers())
}

fn cors(more: &[String]) -> CorsLayer {
    let origins = V1_ORIGINS
        .iter()
        .copied()
        .chain(more.iter().map(String::as_str));
    let origins = origins.filter_map(|origin| {
        let parsed = HeaderValue::from_str(origin);
        parsed
            .inspect_err(|_| warn!("the origin {origin:?} can't be one and is ignored"))
            .ok()
    });
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([
            Method::DELETE,
            Method::GET,
            Method::HEAD,
            Method::OPTIONS,
            Method::PATCH,
            Method::POST,
            Method::PUT,
        ])
        .allow_headers(AllowHeaders::mirror_request())
        .allow_credentials(true)
        .vary([header::ORIGIN])
        .max_age(std::time::Duration::from_secs(600))
}

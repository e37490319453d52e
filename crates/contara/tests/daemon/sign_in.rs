//! Pairing, sessions, and who is kept out.

use crate::support::Daemon;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;

async fn pair(daemon: &Daemon, code: &str) -> (StatusCode, Value) {
    crate::support::json(
        daemon
            .post("/api/auth/pair")
            .json(&json!({"pairing_code": code}))
            .send()
            .await
            .unwrap(),
    )
    .await
}

#[tokio::test]
async fn any_number_of_clients_can_pair_each_code_once() {
    let daemon = Daemon::start(&[]);
    let (status, first) = pair(&daemon, &daemon.code).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(first["api_token"].as_str().unwrap().len(), 86);
    let (status, refused) = pair(&daemon, &daemon.code).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused["detail"], "Invalid or expired pairing code");
    let (status, second) = pair(&daemon, &daemon.fresh_code()).await;
    assert_eq!(status, StatusCode::OK);
    for client in [first, second] {
        let state = daemon
            .get("/api/state")
            .bearer_auth(client["api_token"].as_str().unwrap())
            .send()
            .await
            .unwrap();
        assert_eq!(state.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn five_wrong_codes_lock_the_address_out() {
    let daemon = Daemon::start(&[]);
    for code in ["0000-0000-0000", "", "–", "ÄÖÜ", "1"] {
        assert_eq!(pair(&daemon, code).await.0, StatusCode::UNAUTHORIZED);
    }
    let right = json!({"pairing_code": daemon.code});
    let refused = daemon
        .post("/api/auth/session")
        .json(&right)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((290..=301).contains(&seconds), "{seconds}");
    let (_, body) = crate::support::json(refused).await;
    assert_eq!(
        body["detail"],
        format!("Pairing locked out. Try again in {seconds} seconds.")
    );
}

#[tokio::test]
async fn another_sites_page_cannot_lock_its_visitor_out() {
    let daemon = Daemon::start(&[]);
    let body = json!({"pairing_code": "0000"}).to_string();
    for path in ["/api/auth/pair", "/api/auth/session"].repeat(4) {
        let request = daemon
            .post(path)
            .header("origin", "http://evil.example")
            .header("content-type", "text/plain");
        let response = request.body(body.clone()).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(pair(&daemon, &daemon.code).await.0, StatusCode::OK);
}

#[tokio::test]
async fn bodies_that_are_no_pairing_request_say_where() {
    let daemon = Daemon::start(&[]);
    let check = async |body: &'static str, kind: &str, loc: Value| {
        let response = daemon
            .post("/api/auth/pair")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        let (_, answer) = crate::support::json(response).await;
        assert_eq!(
            (&answer["detail"][0]["type"], &answer["detail"][0]["loc"]),
            (&kind.into(), &loc)
        );
    };
    check("{", "json_invalid", json!(["body"])).await;
    check("[]", "dict_type", json!(["body"])).await;
    check("{}", "missing", json!(["body", "pairing_code"])).await;
    check(
        r#"{"pairing_code": 1}"#,
        "string_type",
        json!(["body", "pairing_code"]),
    )
    .await;
}

#[tokio::test]
async fn a_browsers_session_is_a_cookie_that_scripts_and_other_sites_cannot_use() {
    let daemon = Daemon::start(&["my_module"]);
    let code = json!({"pairing_code": daemon.code});
    let response = daemon
        .post("/api/auth/session")
        .json(&code)
        .send()
        .await
        .unwrap();
    let cookie = response.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Strict")
            && cookie.contains("Path=/"),
        "{cookie}"
    );
    let (_, body) = crate::support::json(response).await;
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(
        !body.to_string().contains(token),
        "a script could read the token"
    );

    let session = cookie.split(';').next().unwrap();
    let get = async |path: &str| {
        daemon
            .get(path)
            .header("cookie", session)
            .send()
            .await
            .unwrap()
    };
    assert_eq!(get("/api/auth/session").await.status(), StatusCode::OK);
    let post = async |origin: &str| {
        let request = daemon
            .post("/api/modules/my_module/enable")
            .header("cookie", session)
            .header("origin", origin);
        request.send().await.unwrap().status()
    };
    assert_eq!(post("http://127.0.0.1:1").await, StatusCode::FORBIDDEN);
    assert_eq!(post(&daemon.url).await, StatusCode::OK);

    let url = format!("{}/api/auth/session", daemon.url);
    let gone = daemon
        .http
        .delete(url)
        .header("cookie", session)
        .send()
        .await
        .unwrap();
    assert!(
        gone.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(
        get("/api/auth/session").await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn without_a_token_nothing_but_health_and_info_is_told() {
    let daemon = Daemon::start(&["my_module"]);
    for path in [
        "/api/state",
        "/api/modules",
        "/api/modules/my_module/ui",
        "/api/auth/session",
    ] {
        let response = daemon.get(path).send().await.unwrap();
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        let (status, body) = crate::support::json(response).await;
        assert_eq!(
            (status, &body["detail"]),
            (
                StatusCode::UNAUTHORIZED,
                &"Missing authorization header".into()
            )
        );
    }
    for token in ["nonsense", "a b"] {
        let (status, body) = crate::support::json(
            daemon
                .get("/api/state")
                .bearer_auth(token)
                .send()
                .await
                .unwrap(),
        )
        .await;
        assert_eq!(
            (status, &body["detail"]),
            (StatusCode::UNAUTHORIZED, &"Invalid or expired token".into())
        );
    }
    for query in ["", "?token=", "?token=nonsense"] {
        let url = format!("{}/ws{query}", daemon.url.replace("http", "ws"));
        match connect_async(url).await.unwrap_err() {
            Error::Http(response) => assert_eq!(response.status().as_u16(), 403),
            other => panic!("{other}"),
        }
    }
    let api = daemon.pair().await;
    let codes = api.post("/api/admin/pairing-codes").await;
    assert_eq!(
        codes.0,
        StatusCode::FORBIDDEN,
        "a client can't let others in"
    );
}

#[tokio::test]
async fn unpairing_ends_that_clients_sockets_and_no_others() {
    let daemon = Daemon::start(&[]);
    let first = daemon.pair().await;
    let (_, body) = pair(&daemon, &daemon.fresh_code()).await;
    let second = crate::support::Api {
        token: body["api_token"].as_str().unwrap().to_owned(),
        ..first.clone()
    };
    let (mut gone, mut stays) = (first.stream().await, second.stream().await);
    gone.next_of("full_state").await;
    stays.next_of("full_state").await;
    assert_eq!(first.post("/api/auth/unpair").await.0, StatusCode::OK);
    assert_eq!(gone.next().await, Err(Some(4401)));
    assert_eq!(first.get("/api/state").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(second.get("/api/state").await.0, StatusCode::OK);
    stays.send(crate::support::ping()).await;
    stays.next_of("pong").await;
}

#[tokio::test]
async fn pairings_survive_kill_9_during_requests() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let busy = api.clone();
    let load = tokio::spawn(async move {
        while busy
            .http
            .get(format!("{}/api/state", busy.url))
            .bearer_auth(&busy.token)
            .send()
            .await
            .is_ok()
        {}
    });
    assert_eq!(api.get("/api/state").await.0, StatusCode::OK);
    let port = daemon.port().to_owned();
    let data = daemon.kill();
    load.await.unwrap();
    let daemon = Daemon::start_on(data, &["--port", &port]);
    assert_eq!(api.get("/api/state").await.0, StatusCode::OK);
    drop(daemon);
}

#[tokio::test]
async fn neither_codes_nor_tokens_reach_the_log_or_the_disk() {
    let daemon = Daemon::start(&[]);
    let api = daemon.pair().await;
    let fresh = daemon.fresh_code();
    api.stream().await.next_of("full_state").await;
    api.send(Method::GET, &format!("/api/nothing?token={}", api.token))
        .await;
    let code = daemon.code.clone();
    let (_, log, data) = daemon.stop();
    let kept = ["contara.db", "contara.db-wal"]
        .map(|name| std::fs::read(data.path().join(name)).unwrap_or_default());
    let kept = String::from_utf8_lossy(&kept.concat()).into_owned();
    for secret in [code, fresh, api.token] {
        for form in [
            secret.clone(),
            secret.replace('-', ""),
            secret.to_lowercase(),
        ] {
            assert!(!log.contains(&form), "a secret is in the log: {log}");
            assert!(!kept.contains(&form), "a secret is in the database");
        }
    }
}

#[tokio::test]
async fn pages_of_v1_clients_may_call_and_others_may_not() {
    let daemon = Daemon::start(&[]);
    let preflight = async |origin: &str| {
        let request = daemon
            .http
            .request(Method::OPTIONS, format!("{}/api/state", daemon.url));
        let request = request
            .header("origin", origin)
            .header("access-control-request-method", "GET");
        request
            .header(
                "access-control-request-headers",
                "authorization,content-type",
            )
            .send()
            .await
            .unwrap()
    };
    let allowed = preflight("tauri://localhost").await;
    assert_eq!(allowed.status(), StatusCode::OK);
    assert_eq!(
        allowed.headers()["access-control-allow-origin"],
        "tauri://localhost"
    );
    assert_eq!(
        allowed.headers()["access-control-allow-headers"],
        "authorization,content-type"
    );
    assert!(
        !preflight("http://evil.example")
            .await
            .headers()
            .contains_key("access-control-allow-origin")
    );
    let refused = daemon
        .get("/api/state")
        .header("origin", "http://tauri.localhost")
        .send()
        .await
        .unwrap();
    assert_eq!(
        refused.headers()["access-control-allow-origin"],
        "http://tauri.localhost",
        "errors carry it too"
    );
}

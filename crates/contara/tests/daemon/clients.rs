//! Paired clients see each other, and sign each other out.

use crate::support::{Api, Daemon, ping};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// What `/api/clients` says of a client, by id.
async fn client(api: &Api, id: i64) -> Option<Value> {
    let (status, body) = api.get("/api/clients").await;
    assert_eq!(status, StatusCode::OK);
    let clients = body["clients"].as_array().unwrap().iter();
    clients.into_iter().find(|one| one["id"] == id).cloned()
}

async fn delete(api: &Api, path: &str) -> (StatusCode, Value) {
    crate::support::json(api.send(Method::DELETE, path).await).await
}

async fn rename(api: &Api, id: &str, body: Value) -> (StatusCode, Value) {
    let request = api
        .http
        .patch(format!("{}/api/clients/{id}", api.url))
        .bearer_auth(&api.token)
        .body(body.to_string());
    crate::support::json(request.send().await.unwrap()).await
}

async fn two(daemon: &Daemon) -> (Api, Api) {
    let first = daemon.pair().await;
    let second = daemon.pair_by(&daemon.fresh_code()).await;
    (first, second)
}

#[tokio::test]
async fn each_client_sees_all_and_which_it_is() {
    let daemon = Daemon::start(&[]);
    let (first, second) = two(&daemon).await;
    let mut stream = second.stream().await;
    stream.next_of("full_state").await;
    for (api, own) in [(&first, 1), (&second, 2)] {
        let (_, body) = api.get("/api/clients").await;
        let told = body["clients"].as_array().unwrap().iter();
        let told: Vec<_> = told
            .map(|one| (&one["id"], &one["this"], &one["connected"]))
            .collect();
        let expected = [1, 2].map(|id| (json!(id), json!(id == own), json!(id == 2)));
        assert_eq!(told.len(), 2);
        for (told, (id, this, connected)) in told.iter().zip(&expected) {
            assert_eq!(*told, (id, this, connected));
        }
    }
    let seen = client(&first, 2).await.unwrap();
    let year = seen["last_seen"].as_str().unwrap();
    assert!(year.starts_with("20") && year.ends_with('Z'), "{seen}");
    drop(stream);
    crate::support::eventually("its socket to be gone", || async {
        let one = client(&first, 2).await.unwrap();
        (one["connected"] == false).then_some(())
    })
    .await;
    let anonymous = daemon.get("/api/clients").send().await.unwrap();
    assert_eq!(anonymous.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn one_client_signs_another_out_and_only_that() {
    let daemon = Daemon::start(&[]);
    let (first, second) = two(&daemon).await;
    let third = daemon.pair_by(&daemon.fresh_code()).await;
    let (mut gone, mut stays) = (second.stream().await, third.stream().await);
    gone.next_of("full_state").await;
    stays.next_of("full_state").await;
    let (status, body) = delete(&first, "/api/clients/2").await;
    assert_eq!((status, &body["signed_out"]), (StatusCode::OK, &json!(1)));
    assert_eq!(gone.next().await, Err(Some(4401)));
    assert_eq!(second.get("/api/clients").await.0, StatusCode::UNAUTHORIZED);
    stays.send(ping()).await;
    stays.next_of("pong").await;
    // It may have been pressed twice, or on two devices.
    let (status, body) = delete(&first, "/api/clients/2").await;
    assert_eq!(
        (status, &body["detail"]),
        (
            StatusCode::NOT_FOUND,
            &json!("No client with the number 2 is paired")
        )
    );
    for nobody in ["0", "-1", "x", "99999999999999999999"] {
        let (status, _) = delete(&first, &format!("/api/clients/{nobody}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{nobody}");
    }
    let (status, _) = delete(&first, "/api/clients/1").await;
    assert_eq!(status, StatusCode::CONFLICT, "its own way out is another");
    assert_eq!(first.get("/api/clients").await.0, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_everywhere_else_leaves_who_asks() {
    let daemon = Daemon::start(&[]);
    let (first, second) = two(&daemon).await;
    let mut gone = first.stream().await;
    gone.next_of("full_state").await;
    let (_, body) = delete(&second, "/api/clients").await;
    assert_eq!(body, json!({"success": true, "signed_out": 1}));
    assert_eq!(gone.next().await, Err(Some(4401)));
    assert_eq!(first.get("/api/clients").await.0, StatusCode::UNAUTHORIZED);
    let (_, body) = delete(&second, "/api/clients").await;
    assert_eq!(body["signed_out"], 0);
    // What was signed out stays so.
    let port = daemon.port().to_owned();
    let daemon = Daemon::start_on(daemon.kill(), &["--port", &port]);
    assert_eq!(first.get("/api/clients").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(second.get("/api/clients").await.0, StatusCode::OK);
    drop(daemon);
}

#[tokio::test]
async fn a_client_is_called_what_somebody_calls_it() {
    let daemon = Daemon::start(&[]);
    let (first, second) = two(&daemon).await;
    let (status, body) = rename(&first, "2", json!({"name": "  Küche "})).await;
    assert_eq!((status, &body["name"]), (StatusCode::OK, &json!("Küche")));
    let (_, session) = second.get("/api/auth/session").await;
    assert_eq!(session["client"]["name"], "Küche");
    for bad in ["", " ", "a\nb", &"x".repeat(65)] {
        let (status, body) = rename(&first, "2", json!({ "name": bad })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            body["errors"]["name"],
            "A name has 1 to 64 characters on one line"
        );
    }
    let (status, _) = rename(&first, "2", json!({"name": 7})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) = rename(&first, "3", json!({"name": "x"})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let port = daemon.port().to_owned();
    let daemon = Daemon::start_on(daemon.kill(), &["--port", &port]);
    assert_eq!(client(&first, 2).await.unwrap()["name"], "Küche");
    drop(daemon);
}

//! A client of stream v2 that keeps what it is sent, and fails at the first frame that doesn't fit.

use std::collections::BTreeMap;

use contara_ui_tree::{Tree, patch};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::{Api, PATIENCE};

/// What a client has of the modules, to be named when it comes back.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) run: String,
    pub(crate) revisions: BTreeMap<String, u64>,
}

#[derive(Debug)]
struct Module {
    revision: u64,
    info: Value,
    ui: Tree,
}

/// See the file's first lines.
pub(crate) struct Mirror {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) hello: Value,
    /// The first snapshot.
    pub(crate) snapshot: Value,
    /// The latest frame.
    pub(crate) last: Value,
    /// Of each frame after the first snapshot, in bytes.
    pub(crate) sizes: Vec<usize>,
    modules: BTreeMap<String, Module>,
}

impl Mirror {
    /// One that has heard `hello` and said nothing.
    pub(crate) async fn unready(api: &Api, query: &str) -> Self {
        let url = api.url.replace("http", "ws");
        let url = format!("{url}/ws?token={}{query}", api.token);
        let mut request = url.into_client_request().unwrap();
        let protocol = "contara.v2".parse().unwrap();
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        let (socket, response) = connect_async(request).await.unwrap();
        assert_eq!(response.headers()["sec-websocket-protocol"], "contara.v2");
        let mut mirror = Self {
            socket,
            hello: Value::Null,
            snapshot: Value::Null,
            last: Value::Null,
            sizes: Vec::new(),
            modules: BTreeMap::new(),
        };
        mirror.hello = mirror.next().await;
        mirror
    }

    /// One that knows nothing yet and has its first snapshot.
    pub(crate) async fn connect(api: &Api, query: &str) -> Self {
        let mut mirror = Self::unready(api, query).await;
        mirror.say(&json!({"type": "resume"})).await;
        mirror.snapshot = mirror.next_of("snapshot").await;
        mirror.sizes.clear();
        mirror
    }

    /// This one, which comes back on another socket with what it has; its `sizes` begin with those of the snapshot.
    pub(crate) async fn back(mut self, api: &Api, known: &Known) -> Self {
        let fresh = Self::unready(api, "").await;
        (self.socket, self.hello) = (fresh.socket, fresh.hello);
        self.sizes.clear();
        let resume = json!({"type": "resume", "run": known.run, "modules": known.revisions});
        self.say(&resume).await;
        self.snapshot = self.next_of("snapshot").await;
        self
    }

    pub(crate) async fn say(&mut self, frame: &Value) {
        let bytes = rmp_serde::to_vec_named(frame).unwrap();
        self.send(Message::Binary(bytes.into())).await;
    }

    pub(crate) async fn send(&mut self, message: Message) {
        // One that is closed meanwhile is seen when it is read.
        let _ = self.socket.send(message).await;
    }

    pub(crate) async fn act(&mut self, id: u64, module: &str, action: &str, params: Value) {
        let frame = json!({"type": "action", "id": id, "module": module, "action": action, "params": params});
        self.say(&frame).await;
    }

    async fn message(&mut self) -> Result<Vec<u8>, Option<CloseFrame>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next());
            match message.await.expect("a frame in time") {
                Some(Ok(Message::Binary(bytes))) => return Ok(bytes.to_vec()),
                Some(Ok(Message::Close(frame))) => return Err(frame),
                Some(Ok(Message::Text(text))) => panic!("a text frame: {text}"),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The next frame, which is taken in.
    pub(crate) async fn next(&mut self) -> Value {
        let bytes = self.message().await.expect("a frame");
        let frame: Value = rmp_serde::from_slice(&bytes).unwrap();
        self.sizes.push(bytes.len());
        self.take(&frame);
        self.last = frame.clone();
        frame
    }

    pub(crate) async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// Reads until this is so.
    pub(crate) async fn until(&mut self, is_so: impl Fn(&Self) -> bool) {
        while !is_so(self) {
            self.next().await;
        }
    }

    /// Reads until the end; the code and the reason.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        loop {
            if let Err(frame) = self.message().await {
                let frame = frame.expect("a close with a reason");
                return (frame.code.into(), frame.reason.to_string());
            }
        }
    }

    fn take(&mut self, frame: &Value) {
        match frame["type"].as_str().unwrap() {
            "snapshot" => {
                assert_eq!(frame["run"], self.hello["run"]);
                let entries = frame["modules"].as_array().unwrap();
                let named = |name: &str| entries.iter().any(|entry| entry["module"] == name);
                self.modules.retain(|name, _| named(name));
                entries.iter().for_each(|entry| self.take_module(entry));
            }
            "module" => self.take_module(frame),
            "patch" => {
                let module = self
                    .modules
                    .get_mut(frame["module"].as_str().unwrap())
                    .unwrap();
                let at = frame["at"].as_str().unwrap_or_default();
                let ops = Tree::from_value(&frame["ops"]).unwrap();
                module.ui = patch::apply(&module.ui, at, &ops).unwrap();
                let revision = frame["revision"].as_u64().unwrap();
                assert!(revision >= module.revision, "{frame}");
                module.revision = revision;
            }
            _ => {}
        }
    }

    fn take_module(&mut self, frame: &Value) {
        let name = frame["module"].as_str().unwrap();
        if frame["removed"] == true {
            assert!(self.modules.remove(name).is_some());
            return;
        }
        let revision = frame["revision"].as_u64().unwrap();
        let ui = frame.get("ui").map(|ui| Tree::from_value(ui).unwrap());
        match (self.modules.get_mut(name), ui) {
            (Some(module), None) => {
                module.revision = revision;
                if let Some(info) = frame.get("info") {
                    module.info = info.clone();
                }
            }
            (_, Some(ui)) => {
                let info = frame["info"].clone();
                let module = Module { revision, info, ui };
                self.modules.insert(name.to_owned(), module);
            }
            (None, None) => panic!("nothing is known of {name}: {frame}"),
        }
    }

    pub(crate) fn has(&self, module: &str) -> bool {
        self.modules.contains_key(module)
    }

    pub(crate) fn info(&self, module: &str) -> &Value {
        &self.modules[module].info
    }

    pub(crate) fn ui(&self, module: &str) -> Value {
        serde_json::to_value(&self.modules[module].ui).unwrap()
    }

    pub(crate) fn known(&self) -> Known {
        let revisions = self.modules.iter();
        Known {
            run: self.hello["run"].as_str().unwrap().to_owned(),
            revisions: revisions
                .map(|(name, module)| (name.clone(), module.revision))
                .collect(),
        }
    }
}

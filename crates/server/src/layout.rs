//! How a client has arranged its dashboard, apart from HTTP: read, checked, saved.
//!
//! The host knows no more of it than its shape: what a size means, and where a tile goes that has no place, is the page's.
//! Modules that are gone stay in a layout for as long as the page sends them along.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use axum::http::StatusCode;
use contara_i18n::{Message, message};
use contara_store::{LayoutRow, Store};
use jsonschema::Validator;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::auth::principal::Principal;
use crate::refusal::{Members, Refusal};
use crate::settings_schema::explain;

/// More than anybody has modules, with room for those that are gone.
const MOST_TILES: usize = 500;
/// As many columns as the widest dashboard has; as many rows, for want of a better bound.
const LARGEST: u8 = 6;
/// So many are told apart: a body of a megabyte may have tens of thousands.
const MOST_ERRORS: usize = 100;
/// A folder has no longer name.
const LONGEST_NAME: usize = 255;

/// How a client's dashboard is arranged.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DashboardLayout {
    /// To be sent with the next change; 0 while nobody has ever saved a layout.
    version: i64,
    /// Whether this client has saved it; otherwise it is the one that was saved last by anybody.
    own: bool,
    /// In their order. Modules that aren't among them come behind.
    tiles: Vec<TilePlace>,
}

/// A change of it.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewLayout {
    /// That of the layout that was changed.
    version: i64,
    /// All of them, at most 500, each module once. Those of modules that are gone are kept for when they come back.
    tiles: Vec<TilePlace>,
}

/// One module's place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct TilePlace {
    /// Its name, 1 to 255 characters.
    module: String,
    /// Null or left out: as the module wants it.
    #[serde(default)]
    size: Option<TileSize>,
    #[serde(default)]
    hidden: bool,
}

/// How large a tile is; on a narrower page it has as many columns as there are.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct TileSize {
    /// 1 to 6.
    columns: u8,
    /// 1 to 6.
    rows: u8,
}

/// What this client sees.
pub(crate) async fn read(store: &Store, client: &Principal) -> Result<DashboardLayout, Refusal> {
    let id = id_of(client);
    let row = store.run(move |store| store.layout(id)).await?;
    Ok(row.map_or_else(DashboardLayout::nobodys, |row| {
        DashboardLayout::of(&row, id)
    }))
}

/// Makes `body` what this client sees.
pub(crate) async fn write(
    store: &Store,
    client: &Principal,
    body: Map<String, Value>,
) -> Result<DashboardLayout, Refusal> {
    let Some(id) = id_of(client) else {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            message!("Only a paired client has a dashboard to arrange"),
        ));
    };
    let NewLayout { version, tiles } = wanted(body)?;
    let row = serde_json::to_string(&tiles).map_err(|error| Refusal::internal(&error))?;
    let saved = store
        .run(move |store| store.save_layout(id, version, &row))
        .await?;
    let version = saved.ok_or_else(changed_meanwhile)?;
    Ok(DashboardLayout {
        version,
        own: true,
        tiles,
    })
}

fn id_of(principal: &Principal) -> Option<i64> {
    principal.client().map(|client| client.id)
}

fn changed_meanwhile() -> Refusal {
    let message = message!("The dashboard was arranged in another window meanwhile");
    Refusal::new(StatusCode::CONFLICT, message).members(Members::kind("layout_changed"))
}

fn wanted(body: Map<String, Value>) -> Result<NewLayout, Refusal> {
    let body = Value::Object(body);
    let problems = problems(&body);
    if !problems.is_empty() {
        return Err(no_layout(problems));
    }
    // All that the schema lets pass that isn't one: to JSON Schema 1.0 is a whole number, too.
    serde_json::from_value(body).map_err(|_| {
        let text = message!("Whole numbers must be written without a point.");
        no_layout(BTreeMap::from([(String::new(), text)]))
    })
}

fn no_layout(problems: BTreeMap<String, Message>) -> Refusal {
    Refusal::fields(message!("This is no layout of a dashboard"), problems)
}

/// By field; what concerns none has an empty name. All is well if there are none.
fn problems(body: &Value) -> BTreeMap<String, Message> {
    static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
        jsonschema::validator_for(&schema())
            .unwrap_or_else(|error| unreachable!("our own schema is one: {error}"))
    });
    let mut problems = BTreeMap::new();
    for error in VALIDATOR.iter_errors(body).take(MOST_ERRORS) {
        let (field, text) = explain(&error);
        problems.entry(field).or_insert(text);
    }
    if problems.is_empty()
        && let Some(module) = twice(body)
    {
        let text = message!(
            "Must not have the module '{module}' twice.",
            module = module
        );
        problems.insert("tiles".to_owned(), text);
    }
    problems
}

fn twice(body: &Value) -> Option<&str> {
    let tiles = body["tiles"].as_array().into_iter().flatten();
    let mut names = tiles.filter_map(|tile| tile["module"].as_str());
    let mut known = HashSet::new();
    names.find(|name| !known.insert(*name))
}

fn schema() -> Value {
    let size = json!({"type": "integer", "minimum": 1, "maximum": LARGEST});
    json!({
        "type": "object",
        "properties": {
            "version": {"type": "integer", "minimum": 0, "maximum": i64::MAX},
            "tiles": {
                "type": "array",
                "maxItems": MOST_TILES,
                "items": {
                    "type": "object",
                    "properties": {
                        "module": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
                        "size": {
                            "type": ["object", "null"],
                            "properties": {"columns": size, "rows": size},
                            "required": ["columns", "rows"],
                            "additionalProperties": false,
                        },
                        "hidden": {"type": "boolean"},
                    },
                    "required": ["module"],
                    "additionalProperties": false,
                },
            },
        },
        "required": ["version", "tiles"],
        "additionalProperties": false,
    })
}

impl DashboardLayout {
    fn nobodys() -> Self {
        Self {
            version: 0,
            own: false,
            tiles: Vec::new(),
        }
    }

    fn of(row: &LayoutRow, reader: Option<i64>) -> Self {
        Self {
            version: row.version,
            own: row.client.is_some() && row.client == reader,
            tiles: serde_json::from_str(&row.tiles).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    /// By field, in English.
    fn said(body: &Value) -> BTreeMap<String, String> {
        let problems = problems(body).into_iter();
        problems
            .map(|(field, text)| (field, text.to_string()))
            .collect()
    }

    fn check(body: &Value, expected: &[(&str, &str)]) {
        let expected = expected
            .iter()
            .map(|(field, text)| ((*field).to_owned(), (*text).to_owned()));
        assert_eq!(said(body), expected.collect(), "{body}");
    }

    #[test]
    fn what_is_wrong_is_said_by_field_and_place() {
        let tiles = |tile: Value| json!({"version": 0, "tiles": [{"module": "a"}, tile]});
        check(
            &json!({}),
            &[
                ("tiles", "This is required."),
                ("version", "This is required."),
            ],
        );
        check(
            &json!({"version": -1, "tiles": {}}),
            &[
                ("tiles", "Must be a list."),
                ("version", "Must be at least 0."),
            ],
        );
        check(
            &json!({"version": 0, "tiles": [], "x": 1}),
            &[("", "Must not have x.")],
        );
        let sized =
            |columns: Value| tiles(json!({"module": "b", "size": {"columns": columns, "rows": 1}}));
        check(
            &sized(json!(7)),
            &[("tiles", "2 → size → columns: Must be at most 6.")],
        );
        check(
            &sized(json!(0)),
            &[("tiles", "2 → size → columns: Must be at least 1.")],
        );
        check(
            &sized(json!(1.5)),
            &[("tiles", "2 → size → columns: Must be a whole number.")],
        );
        check(
            &tiles(json!({"module": "b", "hidden": "yes"})),
            &[("tiles", "2 → hidden: Must be on or off.")],
        );
        check(
            &tiles(json!({"module": ""})),
            &[("tiles", "2 → module: Must have at least 1 character.")],
        );
        check(
            &tiles(json!({"module": "a"})),
            &[("tiles", "Must not have the module 'a' twice.")],
        );
    }

    #[test]
    fn a_number_with_a_point_is_refused_in_the_readers_words() {
        let body = json!({"version": 1.0, "tiles": []});
        let refusal = wanted(body.as_object().unwrap().clone()).unwrap_err();
        let said = format!("{refusal:?}");
        assert!(said.contains("written without a point"), "{said}");
    }

    #[test]
    fn it_is_bounded() {
        let tile = |number: usize| json!({"module": format!("{number:0LONGEST_NAME$}")});
        let tiles = |count: usize| json!({"version": i64::MAX, "tiles": (0..count).map(tile).collect::<Vec<_>>()});
        check(&tiles(MOST_TILES), &[]);
        check(
            &tiles(MOST_TILES + 1),
            &[("tiles", "Must have at most 500 entries.")],
        );
        let name = "x".repeat(LONGEST_NAME + 1);
        check(
            &json!({"version": 0, "tiles": [{"module": name}]}),
            &[("tiles", "1 → module: Must have at most 255 characters.")],
        );
        let many = json!({"version": -1, "tiles": vec![json!({}); MOST_ERRORS]});
        check(&many, &[("tiles", "1 → module: This is required.")]);
    }
}

//! Reading an object's fields: one line per field, and the object knows afterwards which of its keys nobody asked
//! for. Every way in which a field can disappoint (missing, another type, unknown) is reported here and nowhere else.

use std::ops::Range;

use jsonc_parser::ast::{Object, Value};

use contara_i18n::{Message, message};

use crate::finding::{Finding, Report};
use crate::json::{key_span, kind, span};
use crate::problem::Code;
use crate::spelling;
use crate::wanted::Wanted;

/// A value and where it belongs, e.g. `dependencies.python.vdf` or `tags[2]`.
pub(crate) struct Field<'v, 't> {
    pub(crate) path: String,
    pub(crate) value: &'v Value<'t>,
}

impl<'v, 't> Field<'v, 't> {
    pub(crate) fn span(&self) -> Range<usize> {
        span(self.value)
    }

    /// A text; the reader of most fields.
    pub(crate) fn text(&self, report: &mut Report) -> Option<&'v str> {
        let Value::StringLit(text) = self.value else {
            return self.wrong_type(Wanted::String, report);
        };
        Some(&text.value)
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, report: &mut Report) -> Option<bool> {
        match self.value {
            Value::BooleanLit(flag) => Some(flag.value),
            _ => self.wrong_type(Wanted::Flag, report),
        }
    }

    /// An array of texts; `read` is asked for each element and reports what it refuses.
    pub(crate) fn list<T>(
        &self,
        report: &mut Report,
        read: impl FnMut(&Field<'_, '_>, &mut Report) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.list_of(Wanted::Strings, report, read)
    }

    /// An array of anything; `wanted` names it in the problem that it is none.
    pub(crate) fn list_of<T>(
        &self,
        wanted: Wanted,
        report: &mut Report,
        mut read: impl FnMut(&Field<'_, '_>, &mut Report) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Value::Array(array) = self.value else {
            return self.wrong_type(wanted, report);
        };
        let element = |(index, value)| {
            let path = format!("{}[{index}]", self.path);
            read(&Field { path, value }, report)
        };
        Some(
            array
                .elements
                .iter()
                .enumerate()
                .filter_map(element)
                .collect(),
        )
    }

    /// An object with keys of the author's choice; `read` gets each key, the key's bytes, and the field.
    pub(crate) fn entries<T>(
        &self,
        report: &mut Report,
        mut read: impl FnMut(&str, Range<usize>, &Field<'_, '_>, &mut Report) -> Option<T>,
    ) -> Option<Vec<T>> {
        let object = self.object(report)?;
        let entry = |property: &'v jsonc_parser::ast::ObjectProp<'t>| {
            let key = property.name.as_str();
            let field = Field {
                path: format!("{}.{}", self.path, shortened(key)),
                value: &property.value,
            };
            read(key, key_span(property), &field, report)
        };
        Some(object.properties.iter().filter_map(entry).collect())
    }

    pub(crate) fn object(&self, report: &mut Report) -> Option<&'v Object<'t>> {
        match self.value {
            Value::Object(object) => Some(object),
            _ => self.wrong_type(Wanted::Object, report),
        }
    }

    /// Reports that the value should have been `wanted`; `None`, to return at once.
    fn wrong_type<T>(&self, wanted: Wanted, report: &mut Report) -> Option<T> {
        let message = message!("Wrong type: {field}", field = &self.path);
        let finding = Finding::error(Code::WrongType, self.span(), message)
            .found(kind(self.value))
            .expected(wanted.name());
        report.add(finding.help(type_help(self.value, wanted)));
        None
    }
}

fn type_help(value: &Value<'_>, wanted: Wanted) -> Message {
    match (value, wanted) {
        (Value::NumberLit(_) | Value::BooleanLit(_), Wanted::String) => {
            message!("Put it in double quotes.")
        }
        (Value::StringLit(text), Wanted::Flag) if matches!(&*text.value, "true" | "false") => {
            message!("Remove the quotes.")
        }
        (Value::StringLit(_), Wanted::Strings | Wanted::Objects | Wanted::Ports) => {
            message!("Put it in square brackets.")
        }
        _ => wanted.instead(),
    }
}

/// What `read` finds wrong is told, and is no reason to give the whole file up.
pub(crate) fn soft<'v, 't: 'v, T>(
    read: impl FnOnce(&Field<'v, 't>, &mut Report) -> Option<T>,
) -> impl FnOnce(&Field<'v, 't>, &mut Report) -> Option<T> {
    move |field, report| report.softly(|report| read(field, report))
}

/// The fields of one object.
pub(crate) struct Fields<'v, 't, 'r> {
    object: &'v Object<'t>,
    report: &'r mut Report,
    /// The object's own path with a dot, or nothing at the root.
    prefix: String,
    known: Vec<&'static str>,
}

impl<'v, 't, 'r> Fields<'v, 't, 'r> {
    /// The fields of a file's outermost object.
    pub(crate) fn of_root(object: &'v Object<'t>, report: &'r mut Report) -> Self {
        Fields {
            object,
            report,
            prefix: String::new(),
            known: Vec::new(),
        }
    }

    /// A field that must be there. The place of a missing one is the object that should hold it.
    pub(crate) fn required<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&Field<'v, 't>, &mut Report) -> Option<T>,
    ) -> Option<T> {
        match self.field(key) {
            Some(field) => read(&field, self.report),
            None => self.missing(key),
        }
    }

    /// A field that may be left out; `null` is as good as leaving it out. `None` also stands for a bad one, which
    /// is reported.
    pub(crate) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&Field<'v, 't>, &mut Report) -> Option<T>,
    ) -> Option<T> {
        let field = self
            .field(key)
            .filter(|field| !matches!(field.value, Value::NullKeyword(_)))?;
        read(&field, self.report)
    }

    /// A field that may stand there and says nothing to us.
    pub(crate) fn ignored(&mut self, key: &'static str) {
        self.known.push(key);
    }

    /// An optional object with fields of its own.
    pub(crate) fn optional_object<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Fields<'_, '_, '_>) -> T,
    ) -> Option<T> {
        self.optional(key, |field, report| read_object(field, report, read))
    }

    /// A required field inside an object that holds nothing else: `engine.contaranas`.
    pub(crate) fn required_inside<T>(
        &mut self,
        outer: &'static str,
        inner: &'static str,
        read: impl FnOnce(&Field<'_, '_>, &mut Report) -> Option<T>,
    ) -> Option<T> {
        match self.field(outer) {
            Some(field) => read_object(&field, self.report, |fields| fields.required(inner, read))?,
            None => self.missing(&format!("{outer}.{inner}")),
        }
    }

    /// Warns about the keys that nobody asked for.
    pub(crate) fn finish(self) {
        let unknown = |key: &str| !self.known.contains(&key);
        for property in self
            .object
            .properties
            .iter()
            .filter(|property| unknown(property.name.as_str()))
        {
            let key = property.name.as_str();
            let message = message!(
                "Unknown field: {field}",
                field = format!("{}{}", self.prefix, shortened(key))
            );
            let help = self.unknown_help(key);
            self.report
                .add(Finding::warning(Code::UnknownField, key_span(property), message).help(help));
        }
    }

    fn unknown_help(&self, key: &str) -> Message {
        let known = self
            .known
            .iter()
            .copied()
            .filter(|_| !self.report.is_full());
        match spelling::closest(key, known) {
            Some(known) => spelling::did_you_mean(known),
            None => message!("Nothing reads it. Delete it."),
        }
    }

    fn field(&mut self, key: &'static str) -> Option<Field<'v, 't>> {
        self.known.push(key);
        let property = self
            .object
            .properties
            .iter()
            .find(|property| property.name.as_str() == key)?;
        Some(Field {
            path: format!("{}{key}", self.prefix),
            value: &property.value,
        })
    }

    fn missing<T>(&mut self, key: &str) -> Option<T> {
        let path = format!("{}{key}", self.prefix);
        let brace = self.object.range.start;
        self.report.add(
            Finding::error(
                Code::MissingField,
                brace..brace + 1,
                message!("Missing required field: {field}", field = path),
            )
            .found(message!("an object without {field}", field = key))
            .expected(message!("the field {field}", field = key))
            .help(message!("Add {field} to this object.", field = key)),
        );
        None
    }
}

/// A field that holds an object with fields of its own.
pub(crate) fn read_object<T>(
    field: &Field<'_, '_>,
    report: &mut Report,
    read: impl FnOnce(&mut Fields<'_, '_, '_>) -> T,
) -> Option<T> {
    let object = field.object(report)?;
    let mut fields = Fields {
        prefix: format!("{}.", field.path),
        ..Fields::of_root(object, report)
    };
    let value = read(&mut fields);
    fields.finish();
    Some(value)
}

/// A key in a sentence: cut when it is absurdly long.
fn shortened(key: &str) -> String {
    const LONGEST: usize = 60;
    match key.char_indices().nth(LONGEST) {
        None => key.to_owned(),
        Some((cut, _)) => format!("{}…", &key[..cut]),
    }
}

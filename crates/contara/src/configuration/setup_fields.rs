//! `[packages]` and `[setup]`: what an administrator can set of setup modules, with every problem in its place.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use contara_i18n::{Message, message};
use contara_manifest::{closest, did_you_mean};
use contara_system::package_manager::MANAGERS;
use toml::Spanned;
use toml::de::DeValue;

use super::reading::Reader;

type Value<'t> = Spanned<DeValue<'t>>;

/// An upgrade of a whole system takes long, and to wait for one is an administrator's choice.
const WAIT_SECONDS: RangeInclusive<u64> = 1..=3600;
/// Shorter, and no module's code is loaded in time; longer, and a page would seem dead.
const HOOK_SECONDS: RangeInclusive<u64> = 1..=600;
const REBOOT_SECONDS: RangeInclusive<u64> = 1..=3600;

/// What the configuration says of setup modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SetupOptions {
    /// `auto`, `none`, or a package manager's name.
    pub(crate) package_manager: String,
    /// How long others that change packages are waited for.
    pub(crate) package_wait_seconds: u64,
    /// Such as `fr_FR`.
    pub(crate) language: String,
    /// How long a hook may take.
    pub(crate) hook_seconds: u64,
    /// How long a restart of the machine can be called off.
    pub(crate) reboot_seconds: u64,
    /// A program and its arguments.
    pub(crate) reboot_command: Vec<String>,
    /// Folders whose files are recorded before a script runs.
    pub(crate) recorded_folders: Vec<PathBuf>,
}

impl Default for SetupOptions {
    fn default() -> Self {
        Self {
            package_manager: "auto".into(),
            package_wait_seconds: 60,
            language: "en_US".into(),
            hook_seconds: 10,
            reboot_seconds: 15,
            reboot_command: vec!["systemctl".into(), "reboot".into()],
            recorded_folders: vec!["/etc".into()],
        }
    }
}

impl Reader<'_> {
    pub(super) fn packages(&mut self, value: &Value<'_>) {
        for (key, value) in self.table("packages", value).into_iter().flatten() {
            match key.get_ref().as_ref() {
                "manager" => self.manager(value),
                "wait_seconds" => {
                    if let Some(seconds) =
                        self.seconds("packages.wait_seconds", value, WAIT_SECONDS)
                    {
                        self.configuration.setup.package_wait_seconds = seconds;
                    }
                }
                other => self.unknown(other, key.span(), "packages", &["manager", "wait_seconds"]),
            }
        }
    }

    pub(super) fn setup(&mut self, value: &Value<'_>) {
        for (key, value) in self.table("setup", value).into_iter().flatten() {
            match key.get_ref().as_ref() {
                "language" => self.language(value),
                "hook_seconds" => {
                    if let Some(seconds) = self.seconds("setup.hook_seconds", value, HOOK_SECONDS) {
                        self.configuration.setup.hook_seconds = seconds;
                    }
                }
                "reboot_seconds" => {
                    if let Some(seconds) =
                        self.seconds("setup.reboot_seconds", value, REBOOT_SECONDS)
                    {
                        self.configuration.setup.reboot_seconds = seconds;
                    }
                }
                "reboot_command" => self.reboot_command(value),
                "recorded_folders" => self.recorded_folders(value),
                other => {
                    let known = [
                        "language",
                        "hook_seconds",
                        "reboot_seconds",
                        "reboot_command",
                        "recorded_folders",
                    ];
                    self.unknown(other, key.span(), "setup", &known);
                }
            }
        }
    }

    fn manager(&mut self, value: &Value<'_>) {
        match value.get_ref().as_str() {
            Some(manager) if MANAGERS.contains(&manager) => {
                self.configuration.setup.package_manager = manager.to_owned();
            }
            written => {
                let close = written.and_then(|written| closest(written, MANAGERS));
                let help = close.map_or_else(
                    || message!("\"auto\" takes the one that this machine has; with \"none\" packages are nobody's business."),
                    did_you_mean,
                );
                let message = message!("`packages.manager` is no package manager");
                self.bad_amount(message, value, managers(), help);
            }
        }
    }

    fn language(&mut self, value: &Value<'_>) {
        match value.get_ref().as_str() {
            Some(language) if is_language(language) => {
                self.configuration.setup.language = language.to_owned();
            }
            _ => {
                let expected = message!("a language and a country, such as \"en_US\" or \"pt_BR\"");
                let help =
                    message!("Setup modules have their translations in folders of these names.");
                let message = message!("`setup.language` is no language");
                self.bad_amount(message, value, expected, help);
            }
        }
    }

    fn seconds(
        &mut self,
        path: &str,
        value: &Value<'_>,
        bounds: RangeInclusive<u64>,
    ) -> Option<u64> {
        let seconds = match value.get_ref() {
            DeValue::Integer(written) => {
                u64::from_str_radix(written.as_str(), written.radix()).ok()
            }
            _ => None,
        };
        let fitting = seconds.filter(|seconds| bounds.contains(seconds));
        if fitting.is_none() {
            let expected = message!(
                "a whole number from {least} to {most}",
                least = *bounds.start(),
                most = *bounds.end()
            );
            let help = message!("Write seconds without quotes and without a unit.");
            let message = message!("`{name}` is no such time", name = path);
            self.bad_amount(message, value, expected, help);
        }
        fitting
    }

    fn reboot_command(&mut self, value: &Value<'_>) {
        let words = value.get_ref().as_array().map(|words| {
            let texts = words.iter().map(|word| word.get_ref().as_str());
            texts
                .map(|text| text.map(str::to_owned))
                .collect::<Option<Vec<_>>>()
        });
        match words.flatten() {
            Some(words) if is_command(&words) => self.configuration.setup.reboot_command = words,
            _ => {
                let expected = message!("a list of texts: the program, then its arguments");
                let help =
                    message!("The default is [\"systemctl\", \"reboot\"]; no shell reads it.");
                let message = message!("`setup.reboot_command` is no command");
                self.bad_amount(message, value, expected, help);
            }
        }
    }

    fn recorded_folders(&mut self, value: &Value<'_>) {
        let folders = value.get_ref().as_array().map(|folders| {
            let folders = folders.iter().map(|folder| folder.get_ref().as_str());
            folders
                .map(|folder| folder.filter(|folder| is_folder(folder)).map(PathBuf::from))
                .collect::<Option<Vec<_>>>()
        });
        match folders.flatten() {
            Some(folders) => self.configuration.setup.recorded_folders = folders,
            None => {
                let expected = message!("a list of absolute paths, none of them \"/\"");
                let help = message!(
                    "The default is [\"/etc\"]; with [] only what modules name is recorded."
                );
                let message = message!("`setup.recorded_folders` is no list of folders");
                self.bad_amount(message, value, expected, help);
            }
        }
    }
}

fn managers() -> Message {
    let [others @ .., last] = MANAGERS;
    let others = others.map(|name| format!("{name:?}"));
    message!(
        "{names} or {last}",
        names = others.join(", "),
        last = format!("{last:?}")
    )
}

fn is_command(words: &[String]) -> bool {
    words.first().is_some_and(|program| !program.is_empty())
}

fn is_folder(text: &str) -> bool {
    let path = Path::new(text);
    path.is_absolute() && path.parent().is_some()
}

/// `fr` or `fr_FR`.
fn is_language(text: &str) -> bool {
    let (language, country) = text.split_once('_').unwrap_or((text, "XX"));
    let is_all = |text: &str, is: fn(&u8) -> bool| text.bytes().all(|byte| is(&byte));
    (2..=3).contains(&language.len())
        && is_all(language, u8::is_ascii_lowercase)
        && country.len() == 2
        && is_all(country, u8::is_ascii_uppercase)
}

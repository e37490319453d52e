//! Problems in the reader's language: how they are drawn, and every piece of them.

use std::path::{Path, PathBuf};

use contara_i18n::{Languages, Message};
use contara_manifest::{
    Colour, Folder, Platform, Problem, Source, read_module, read_setup, render, unreadable,
};

fn folder(manifest: &str) -> Folder {
    Folder {
        path: PathBuf::from("my_module"),
        name: "my_module".to_owned(),
        manifest: Ok(manifest.as_bytes().to_vec()),
        has_init: true,
    }
}

fn shown(problems: &[Problem], language: &str) -> String {
    let languages = Languages::of([language]);
    render(problems, Colour::Never, |message| {
        message.in_language(&languages)
    })
}

/// Each as `line:column message | found | expected | help`.
fn told(problems: &[Problem], language: &str) -> String {
    let languages = Languages::of([language]);
    let say = |message: &Message| message.in_language(&languages);
    let one = |problem: &Problem| {
        let texts = [&problem.found, &problem.expected, &problem.help];
        let texts = texts.map(|text| text.as_ref().map_or_else(|| "-".to_owned(), say));
        let place = [problem.line, problem.column].map(Option::unwrap_or_default);
        let message = say(&problem.message);
        let texts = texts.join(" | ");
        format!("{}:{} {message} | {texts}\n", place[0], place[1])
    };
    problems.iter().map(one).collect()
}

const BAD_MODULE: &str = r#"{
  "name": "myModule",
  "displayName": 3,
  "version": "v1",
  "author": "",
  "description": "It does.",
  "icon": "Wrenhc",
  "engine": {"contaranas": "soon"},
  "platforms": ["macOS", "beos"],
  "dependencies": {"python": {"requests": "latest"}, "system": "git"},
  "tags": ["a", {}],
  "tag": 1,
  "tag": 2,
}"#;

const BAD_SETUP: &str = r#"{
  "slug": "my-module",
  "dependencies": ["a"],
  "url": "example.org",
  "ports": ["53/icmp"],
  "min_disk": "much",
  "packages": [{"rpms": "a", "debs": ["-y"]}],
  "config": [
    {"type": "txt", "name": "a"},
    {"type": "text", "name": "b", "require": "perhaps"},
    {"type": "options", "name": "b"}
  ]
}"#;

#[test]
fn a_bad_module_json_is_told_in_german_and_french() {
    let (_, problems) = read_module(&folder(BAD_MODULE), Source::Community);
    insta::assert_snapshot!(told(&problems, "de"), @r#"
    2:11 Ungültiger Modulname | "myModule" | Kleinbuchstaben, Ziffern und Unterstriche, ein Buchstabe am Anfang | "my_module" schreiben, wie der Ordner heißt.
    3:18 Falscher Typ: displayName | eine Zahl | eine Zeichenkette | In doppelte Anführungszeichen setzen.
    4:14 Ungültiges Format der Version | "v1" | eine semantische Version wie "1.0.0" | War "1.0.0" gemeint?
    5:13 Leeres Feld: author | ein leerer Text | etwas zu lesen | author ausfüllen; es steht in der Liste der Module.
    7:11 Unbekanntes Symbol | "Wrenhc" | der Name eines Lucide-Symbols | War "wrench" gemeint? Bis dahin wird ein neutrales Ersatzsymbol gezeigt.
    8:28 Ungültiger Versionsbereich | "soon" | ein Bereich wie bei npm, etwa "^0.1.0" | Dieses Contara bietet 0.1.0; "^0.1.0" verlangt es.
    9:17 Unbekannte Plattform | "macOS" | linux, windows oder darwin | War "darwin" gemeint?
    9:26 Unbekannte Plattform | "beos" | linux, windows oder darwin | linux, windows oder darwin (macOS) verwenden.
    10:43 Ungültige Versionsangabe | "latest", was keine Versionsangabe ist | eine Angabe wie ">=2.28.0", "^6.0", "~3.4" oder "==1.2.3" | >=, ^, ~ oder == verwenden; mehrere mit Kommas verbinden: ">=1.2.3,<2.0".
    10:64 Falscher Typ: dependencies.system | eine Zeichenkette | ein Array aus Zeichenketten | In eckige Klammern setzen.
    11:17 Falscher Typ: tags[1] | ein Objekt | eine Zeichenkette | Stattdessen eine Zeichenkette schreiben.
    12:3 Unbekanntes Feld: tag | - | - | War "tags" gemeint?
    13:3 Der Schlüssel "tag" steht zweimal da | ein zweites Vorkommen; das erste steht in Zeile 12, Spalte 3 | jeder Schlüssel einmal in einem Objekt | Einen der beiden löschen.
    13:3 Unbekanntes Feld: tag | - | - | War "tags" gemeint?
    13:11 JSON erlaubt kein Komma nach dem letzten Eintrag | ein Komma, nach dem nichts kommt | "}" gleich nach dem letzten Eintrag | Dieses Komma löschen.
    "#);
    insta::assert_snapshot!(told(&problems, "fr-CA"), @r#"
    2:11 Nom de module invalide | "myModule" | des minuscules, des chiffres et des tirets bas, en commençant par une lettre | Écrivez "my_module", comme se nomme le dossier.
    3:18 Mauvais type : displayName | un nombre | une chaîne | Mettez-le entre guillemets doubles.
    4:14 Format de version invalide | "v1" | une version sémantique telle que "1.0.0" | Vouliez-vous dire "1.0.0" ?
    5:13 Champ vide : author | un texte vide | quelque chose à lire | Remplissez author ; on le voit dans la liste des modules.
    7:11 Icône inconnue | "Wrenhc" | le nom d’une icône Lucide | Vouliez-vous dire "wrench" ? D’ici là, une icône neutre de remplacement est affichée.
    8:28 Plage de versions invalide | "soon" | une plage comme pour npm, telle que "^0.1.0" | Ce Contara fournit 0.1.0 ; "^0.1.0" le demande.
    9:17 Plateforme inconnue | "macOS" | linux, windows ou darwin | Vouliez-vous dire "darwin" ?
    9:26 Plateforme inconnue | "beos" | linux, windows ou darwin | Utilisez linux, windows ou darwin (macOS).
    10:43 Spécificateur de version invalide | "latest", qui n’est pas un spécificateur de version | un spécificateur tel que ">=2.28.0", "^6.0", "~3.4" ou "==1.2.3" | Utilisez >=, ^, ~ ou == ; joignez-en plusieurs par des virgules : ">=1.2.3,<2.0".
    10:64 Mauvais type : dependencies.system | une chaîne | un tableau de chaînes | Mettez-le entre crochets.
    11:17 Mauvais type : tags[1] | un objet | une chaîne | Écrivez plutôt une chaîne.
    12:3 Champ inconnu : tag | - | - | Vouliez-vous dire "tags" ?
    13:3 La clé "tag" figure deux fois | une seconde occurrence ; la première est à la ligne 12, colonne 3 | chaque clé une seule fois dans un objet | Supprimez l’une des deux.
    13:3 Champ inconnu : tag | - | - | Vouliez-vous dire "tags" ?
    13:11 JSON n’admet pas de virgule après la dernière entrée | une virgule que rien ne suit | "}" juste après la dernière entrée | Supprimez cette virgule.
    "#);
}

#[test]
fn a_bad_desc_json_is_told_in_german_and_french() {
    let (_, problems) = read_setup(&folder(BAD_SETUP));
    insta::assert_snapshot!(told(&problems, "de"), @r#"
    2:11 Ungewöhnlicher Slug | "my-module" | Kleinbuchstaben, Ziffern und Unterstriche, ein Buchstabe am Anfang | Einen Slug wie "my_module" wählen und auch den Ordner so nennen.
    2:11 Der Slug ist nicht der Name des Ordners | "my-module" | "my_module", wie der Ordner heißt | Das Modul ist unter seinem Slug bekannt. Eines der beiden ändern.
    3:19 Veraltete Schreibweise: dependencies | - | module.dependencies | Nach module.dependencies verschieben. Solange dependencies da ist, geht es module.dependencies vor.
    4:10 Kein Link: url | "example.org" | eine Adresse, die mit https:// oder http:// beginnt | Bis dahin wird es weggelassen.
    5:13 Kein Port: ports[0] | "53/icmp" | eine Zahl von 1 bis 65535, wie 8080, oder "53/udp" | Bis dahin wird es weggelassen.
    6:15 Keine Größe: min_disk | - | eine Zahl von Bytes, oder ein Text wie "500 MB" oder "2 GiB" | Bis dahin wird kein Speicherplatz verlangt.
    7:25 Ein Text statt einer Liste: packages[0].rpms | eine Zeichenkette | ein Array aus Zeichenketten | Es gilt als der Name eines einzigen Pakets. In eckige Klammern setzen.
    7:39 Kein Name eines Pakets: packages[0].debs[0] | "-y" | ein Name, wie ihn die Paketverwaltung kennt | -
    9:14 Unbekannte Art von Feld | "txt" | eines von text, password, check, options, network, subtitle, custom | War "text" gemeint?
    10:46 Weder ja noch nein: config[1].require | "perhaps" | "yes" oder "no" | Bis dahin gilt es als "yes".
    11:5 Pflichtfeld fehlt: config[2].options | ein Objekt ohne options | das Feld options | options in diesem Objekt ergänzen.
    "#);
    insta::assert_snapshot!(told(&problems, "fr"), @r#"
    2:11 Slug inhabituel | "my-module" | des minuscules, des chiffres et des tirets bas, en commençant par une lettre | Choisissez un slug comme "my_module", et nommez aussi le dossier ainsi.
    2:11 Le slug n’est pas le nom du dossier | "my-module" | "my_module", comme se nomme le dossier | Le module est connu par son slug. Changez l’un des deux.
    3:19 Ancienne écriture : dependencies | - | module.dependencies | Déplacez-le vers module.dependencies. Tant que dependencies est là, il l’emporte sur module.dependencies.
    4:10 Pas un lien : url | "example.org" | une adresse qui commence par https:// ou http:// | D’ici là, il est laissé de côté.
    5:13 Pas un port : ports[0] | "53/icmp" | un nombre de 1 à 65535, tel que 8080, ou "53/udp" | D’ici là, il est laissé de côté.
    6:15 Pas une taille : min_disk | - | un nombre d’octets, ou un texte tel que "500 MB" ou "2 GiB" | D’ici là, aucun espace disque n’est demandé.
    7:25 Un texte au lieu d’une liste : packages[0].rpms | une chaîne | un tableau de chaînes | Il est pris pour le nom d’un seul paquet. Mettez-le entre crochets.
    7:39 Pas un nom de paquet : packages[0].debs[0] | "-y" | un nom tel que le gestionnaire de paquets le connaît | -
    9:14 Type de champ inconnu | "txt" | l’un de text, password, check, options, network, subtitle, custom | Vouliez-vous dire "text" ?
    10:46 Ni oui ni non : config[1].require | "perhaps" | "yes" ou "no" | D’ici là, cela vaut "yes".
    11:5 Champ obligatoire absent : config[2].options | un objet sans options | le champ options | Ajoutez options à cet objet.
    "#);
}

#[test]
fn a_report_is_drawn_in_the_language_of_its_reader() {
    let json = "{\"name\": \"my_module\",\n\"tags\": 7}";
    let (_, problems) = read_module(&folder(json), Source::Community);
    insta::assert_snapshot!(shown(&problems[problems.len() - 1..], "de"), @r#"
    Fehler[wrong-type]

      x Falscher Typ: tags
       ,-[my_module/module.json:2:9]
     1 | {"name": "my_module",
     2 | "tags": 7}
       :         ^
       :         `-- gefunden: eine Zahl; erwartet: ein Array aus Zeichenketten
       `----
      Hilfe: Stattdessen ein Array aus Zeichenketten schreiben.
    "#);
    let denied = unreadable(Path::new("my_module"), "Permission denied");
    insta::assert_snapshot!(shown(&[denied], "fr"), @r#"
    erreur[unreadable]

      x Illisible
      | dans my_module
      | trouvé : Permission denied
      aide : Donnez le droit de lecture à l’utilisateur sous lequel tourne Contara.
    "#);
}

#[test]
fn a_long_help_goes_on_below_its_first_word() {
    let mut folder = folder("{}");
    folder.has_init = false;
    folder.manifest = Err(contara_manifest::ReadFailure::NotFound);
    let (_, problems) = read_module(&folder, Source::Community);
    insta::assert_snapshot!(shown(&problems[..1], "fr"), @r#"
    erreur[missing-manifest]

      x module.json manque
      | dans my_module
      | attendu : un fichier module.json dans ce dossier
      aide : Ajoutez un module.json, ou un desc.json s’il met quelque chose en place, ou déplacez le
             dossier ailleurs si ce n’est pas un module.
    "#);
}

#[test]
fn what_keeps_a_module_from_running_is_told_too() {
    let manifest = include_str!("data/minimal.json");
    let manifest = manifest.replace("\"linux\", ", "");
    let (manifest, problems) = read_module(&folder(&manifest), Source::Community);
    assert_eq!(problems, []);
    let blocked = manifest.map(|manifest| manifest.blocked(Platform::Linux));
    let german = Languages::of(["de"]);
    let told: Vec<_> = blocked
        .iter()
        .flatten()
        .map(|why| why.message().in_language(&german))
        .collect();
    assert_eq!(
        told,
        ["Dieses Modul läuft nur auf windows und darwin, und auf diesem Rechner läuft linux."]
    );
}

/// Serialised problems are for programs.
#[test]
fn serialised_they_are_english() {
    let (_, problems) = read_module(&folder("{\"name\": 3}"), Source::Community);
    let json = serde_json::to_value(&problems[0]);
    let name = json.map(|json| json["message"].clone());
    assert_eq!(
        name.ok(),
        Some("Missing required field: displayName".into())
    );
}

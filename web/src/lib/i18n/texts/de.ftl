### What the client itself says, in German. Keys and variables are listed in texts.ts.

## The choice of the language
language = Sprache
language-of-browser = Sprache des Browsers

## The page Set up
setup-title = Einrichten
setup-loading = Wird geladen …
setup-count = { $configured } von { $all } eingerichtet
setup-not-loaded = Was eingerichtet werden kann, konnte nicht geladen werden
setup-load-again = Erneut laden
setup-read-only = Hier kann nichts geändert werden
setup-empty = Noch gibt es nichts einzurichten. Ein Setup-Modul ist ein Ordner mit einer desc.json; legen Sie Ihren in Contaras Modulordner, und er erscheint hier.
setup-shown = { $count } angezeigt
setup-nothing-like-that = Nichts passt dazu.
setup-show-all = Alle zeigen

## Its filter
filter-text = In dem suchen, was eingerichtet werden kann
filter-search = Suchen
filter-section = Bereich
filter-all-sections = Alle Bereiche
filter-state = Zustand
filter-all-states = Alle Zustände
filter-new = Nicht eingerichtet
filter-configured = Eingerichtet
filter-trouble = Mit Problemen

## One module of the list
module-configured = Eingerichtet
module-unusable = Nicht verwendbar
module-needs = Braucht { $names }
module-restarts = Startet den Rechner am Ende neu
module-problems = Probleme von { $name }
module-run = Lauf { $id }
module-details = Einzelheiten
module-of = von { $name }
module-links = Links von { $name }
module-link-of = von { $name }, in einem neuen Tab
module-see-problems = Es ist nicht verwendbar: siehe seine Probleme.
module-with-others = Es wird zusammen mit Modulen eingerichtet, die es brauchen.
module-is-configured = Es ist bereits eingerichtet.
module-conflicts = Verträgt sich nicht mit { $other }: Das ist { $state ->
    [chosen] ausgewählt
    [needed] nötig
   *[configured] eingerichtet
}.
module-need-conflicts = Braucht { $own }, das sich nicht mit { $other } verträgt: Das ist { $state ->
    [chosen] ausgewählt
    [needed] nötig
   *[configured] eingerichtet
}.

## What is chosen
chosen = Ausgewählte Module
chosen-clear = Leeren
chosen-review = { $count ->
    [one] { $count } Modul
   *[other] { $count } Module
} prüfen
chosen-look-at = { $count ->
    [one] { $count } Modul
   *[other] { $count } Module
} ansehen

## Runs
runs-under-way = Im Gange
runs-last = Letzte Läufe
run-when-by = { $when }, von { $by }
run-queued = In der Warteschlange
run-running = Läuft
run-waiting = Wartet auf Sie
run-done = Fertig
run-failed = Fehlgeschlagen
run-cancelled = Abgebrochen
run-interrupted = Unterbrochen

## Wie weit die Paketverwaltung ist
progress = Fortschritt der Pakete
progress-unnamed = { $total ->
    [0] Pakete werden heruntergeladen
   *[other] Paket { $number } von { $total } wird heruntergeladen
}
progress-downloading = { $total ->
    [0] { $package } wird heruntergeladen
   *[other] { $package } wird heruntergeladen, { $number } von { $total }
}
progress-unpacking = { $total ->
    [0] { $package } wird entpackt
   *[other] { $package } wird entpackt, { $number } von { $total }
}
progress-installing = { $total ->
    [0] { $package } wird installiert
   *[other] { $package } wird installiert, { $number } von { $total }
}
progress-configuring = { $total ->
    [0] { $package } wird eingerichtet
   *[other] { $package } wird eingerichtet, { $number } von { $total }
}
progress-removing = { $total ->
    [0] { $package } wird entfernt
   *[other] { $package } wird entfernt, { $number } von { $total }
}

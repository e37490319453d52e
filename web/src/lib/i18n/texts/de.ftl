### What the client itself says, in German. Keys and variables are listed in texts.ts.

## Words that many parts of the page use
loading = Wird geladen …
load-again = Erneut laden
try-again = Erneut versuchen
show-all = Alle zeigen
search = Suchen
modules = Module
module = Modul
settings = Einstellungen
problems = Probleme
warnings = Warnungen
errors = Fehler
information = Informationen
packages = Pakete
repositories = Paketquellen
restart = Neustart
none = Keine Angabe
by = von { $name }
of = von { $name }
needs = Braucht { $names }
colon = :
semicolon = ;
weight-info = Hinweis:
weight-success = Erfolg:
weight-warning = Warnung:
weight-error = Fehler:

## Spans of time and amounts
seconds = { $count } s
minutes = { $count } min
percent = { $count } %
part-of = { $part } von { $whole }
size = { $amount } { $unit }

## The choice of the language
language = Sprache
language-of-browser = Sprache des Browsers

## The choice of light or dark
theme = Farben
theme-of-system = Wie das System
theme-light = Hell
theme-dark = Dunkel

## The frame around all pages
skip-to-content = Zum Inhalt springen
pages = Seiten
dashboard = Übersicht
activity = Aktivität
system = System
account = Konto
sign-out = Abmelden
page-file-not-loaded = Diese Seite konnte nicht geladen werden
page-file-why = Eine Datei davon fehlt: Vielleicht ist die Verbindung weg, oder Contara wurde aktualisiert.
page-not-found = Seite nicht gefunden
page-nothing-here = Unter dieser Adresse ist nichts.
go-to-dashboard = Zur Übersicht
notifications = Benachrichtigungen
notifications-new = Benachrichtigungen: { $count } neu
notifications-new-errors = Benachrichtigungen: { $count } neu, davon { $errors ->
    [one] ein Fehler
   *[other] { $errors } Fehler
}
notifications-none = Seit diese Seite geöffnet wurde, gab es keine Benachrichtigung.
notifications-clear = Alle entfernen
notifications-activity = Was auf diesem Rechner geschehen ist
notification-dismiss = Benachrichtigung schließen
confirm-title = Wirklich fortfahren?
confirm-yes = Fortfahren
confirm-no = Abbrechen
confirm-danger-title = { $action }?
confirm-danger = Was damit geschieht, lässt sich vielleicht nicht rückgängig machen.

## The command palette
palette = Suchen und ausführen
palette-keys = Strg K
palette-placeholder = Seite öffnen oder einem Modul etwas auftragen
palette-found = Gefunden
palette-page = Seite
palette-nothing = Nichts heißt so.
palette-more = { $count } weitere: Mehr Buchstaben grenzen ein
palette-count = { $count ->
    [one] { $count } Eintrag
   *[other] { $count } Einträge
}

## The connection and the server
connection = Verbindung
connection-connecting = Verbinden …
connection-connected = Verbunden
connection-lost = Verbindung verloren.
connection-retrying = Neuer Versuch …
connection-retry = Jetzt versuchen
connection-data-from = Angezeigt werden Daten von { $ago }.
not-connected = Nicht mit Contara verbunden
unreachable = Contara ist nicht erreichbar.
unreachable-at = Contara auf { $host } ist nicht erreichbar
unreachable-since = Es wird seit { $time } immer wieder versucht ({ $ago }).
unreachable-machine = Ist die Maschine an, und läuft Contara dort?
unreachable-network = Ist dieses Gerät im selben Netz oder damit verbunden?
unreachable-address = Hat die Maschine inzwischen eine andere Adresse?
action-lost = Die Verbindung riss ab, bevor die Antwort kam. Das Begonnene ist vielleicht ausgeführt worden: Bitte nachsehen, dann erst erneut versuchen.
server-answered = Der Server hat mit { $status } geantwortet.
server-unreadable = Die Antwort des Servers war nicht lesbar.
value-refused = Dieser Wert wird nicht angenommen.
problem-unnamed = Das Modul hat ein Problem
remark-unnamed = Hier stimmt etwas nicht
failure-unnamed = Etwas ist schiefgegangen

## Signing in
sign-in = Anmelden
sign-in-title = Bei Contara anmelden
sign-in-where = `contara pair` auf dem Rechner ausführen: Das gibt einen Link zum Anmelden aus und einen Code für dieses Feld.
sign-in-code = Kopplungscode
sign-in-hint = Ein Code gilt einmal und fünf Minuten lang.
sign-in-malformed = Ein Kopplungscode hat 12 Zeichen, 0–9 und A–F, wie 3F7A-09C2-B4D1.
sign-in-refused = Dieser Code ist nicht gültig. Vielleicht ist er vertippt, abgelaufen oder schon benutzt.
sign-in-unreachable = Contara ist nicht erreichbar. Bitte prüfen, ob es läuft und ob dieses Gerät in seinem Netz ist, dann erneut versuchen.
signed-out = Die Sitzung ist beendet. Zum Fortfahren diesen Browser neu koppeln.
sign-out-failed = Das Abmelden ist fehlgeschlagen: { $why }

## The dashboard
dashboard-no-tile = Kein aktiviertes Modul hat eine Kachel
dashboard-none-enabled = Kein Modul ist aktiviert
dashboard-no-modules = Noch keine Module
dashboard-place = Was aktivierte Module zeigen, hat hier seinen Platz.
dashboard-how = Ein Modul ist ein Ordner mit einer `module.json`. Legen Sie Ihren in Contaras Modulordner; die Seite „Module“ zeigt jeden Ordner, der dort gefunden wurde, und was daran nicht stimmt.
dashboard-enable = Module aktivieren
dashboard-go = Zu den Modulen
dashboard-disabled = Deaktiviert: { $count }
tile-nothing = Dieses Modul zeigt nichts in der Übersicht.
tile-age = Stand: { $ago }

## Arranging the dashboard
arrange = Anordnen
arrange-tiles = Kacheln anordnen
arrange-hint = Ziehen Sie eine Kachel an ihrer Leiste, um sie zu verschieben, und an ihrer Ecke, um ihre Größe zu ändern. Ein Druck auf die Leiste zeigt Schaltflächen dafür.
arrange-keys = Pfeiltasten verschieben, Umschalt und Pfeiltasten ändern die Größe, die Eingabetaste hebt auf und legt ab, Escape nimmt zurück.
arrange-done = Fertig
arrange-reset = Zurücksetzen
arrange-reset-title = Die Anordnung zurücksetzen?
arrange-reset-message = Alle Kacheln sind dann wieder zu sehen, in der Reihenfolge und der Größe, die ihre Module haben.
arrange-hidden = Ausgeblendet:
arrange-none-shown = Alle Kacheln sind ausgeblendet.
arrange-move = { $name } verschieben
arrange-hide = { $name } ausblenden
arrange-show = { $name } einblenden
arrange-earlier = Weiter nach vorn
arrange-later = Weiter nach hinten
arrange-narrower = Schmaler
arrange-wider = Breiter
arrange-shorter = Niedriger
arrange-taller = Höher
arrange-no-further = Hier nicht möglich
arrange-place = { $name }, Platz { $position } von { $count }, { $columns ->
    [one] { $columns } Spalte
   *[other] { $columns } Spalten
} breit, { $rows ->
    [one] { $rows } Zeile
   *[other] { $rows } Zeilen
} hoch
arrange-picked-up = Aufgehoben: { $place }
arrange-put-down = Abgelegt: { $place }
arrange-taken-back = Zurückgenommen: { $place }
arrange-is-hidden = { $name } ist ausgeblendet
arrange-is-reset = Die Anordnung ist zurückgesetzt
arrange-not-saved = Die Anordnung ist nicht gespeichert
arrange-elsewhere = Die Übersicht wurde inzwischen in einem anderen Fenster angeordnet. Jetzt ist sie wie dort.

## How a live module is
life-stopped = Angehalten
life-starting = Startet …
life-running = Läuft
life-stopping = Hält an …
life-backoff = Startet neu
life-failed = Ausgefallen
life-preparing = Installiert …
life-blocked = Blockiert
life-invalid = Ungültig
life-disabled = Deaktiviert
life-trouble = Das Modul funktioniert nicht mehr
details-show = Einzelheiten zeigen
traceback = Traceback
installing = Pakete werden installiert …
installing-part = Pakete werden installiert … { $done } von { $total }
starting-again = Neustart in { $time }
trying-again = Neuer Versuch in { $time }
trying-stopped = Keine weiteren Versuche
try-again-with = mit { $name }

## What a module is asked to do
calls = Laufende Aktionen
call-cancel = { $name } abbrechen
call-over = Es war schon zu Ende.
call-failed = Aktion fehlgeschlagen
call-not-cancelled = Es konnte nicht abgebrochen werden
modal-missing-title = Nichts zu öffnen
modal-missing = Das Modul wollte „{ $id }“ öffnen, das es nicht hat.
refresh = Aktualisieren
refresh-module = { $name } aktualisieren
refresh-failed = Das Modul konnte nicht gefragt werden
open-module = { $name } öffnen

## A live module’s own page
page-no-module = Es gibt kein Modul „{ $name }“.
page-all-modules = Alle Module ansehen
page-not-enabled = { $name } ist nicht aktiviert.
page-enable = Auf der Seite „Module“ aktivieren
page-none = Dieses Modul hat keine Seite.
page-not-loaded = Die Seite konnte nicht geladen werden

## A module’s log
log = Protokoll
log-of = Protokoll von { $name }
log-see = Protokoll ansehen
log-not-loaded = Das Protokoll konnte nicht geladen werden
log-filter = Protokoll durchsuchen
log-level = Stufe
log-all-levels = Alle Stufen
log-info = Ohne Debug
log-warning = Warnungen und Fehler
log-error = Fehler
log-nothing = Noch wurde nichts protokolliert.
log-none-match = Keine Zeile passt.
log-found = { $found } von { $all } Zeilen passen
log-anew = Ab hier wurde Contara neu gestartet.
log-gap = { $count ->
    [one] { $count } Zeile ist nicht mehr vorhanden.
   *[other] { $count } Zeilen sind nicht mehr vorhanden.
}

## Its settings
settings-of = Einstellungen von { $name }
settings-title = Einstellungen von { $name }
settings-none = Dieses Modul hat keine Einstellungen.
settings-refused = Die gespeicherten Einstellungen wurden nicht angenommen
settings-not-loaded = Die Einstellungen konnten nicht geladen werden
settings-not-saved = Die Einstellungen wurden nicht gespeichert
settings-overtaken-title = Inzwischen anderswo geändert
settings-overtaken = Nichts wurde gespeichert. Sehen Sie nach, was sich geändert hat, und speichern Sie dann noch einmal.
settings-not-json = Das ist kein gültiges JSON.
settings-lines = Je Zeile eine Angabe.
settings-json = Als JSON.
settings-save = Speichern
settings-reset = Zurücksetzen
settings-saved = Gespeichert
secret-stored = Gespeichert
secret-to-clear = Wird gelöscht
secret-keep = Behalten
secret-keep-it = { $name } behalten
secret-clear = Löschen
secret-clear-it = { $name } löschen

## The page Modules
modules-count = { $enabled } von { $all } aktiviert
modules-not-loaded = Die Liste der Module konnte nicht geladen werden
modules-empty = Es wurden keine Module gefunden. Ein Modul ist ein Ordner mit einer `module.json`; legen Sie Ihren in Contaras Modulordner, und er erscheint hier.
modules-shown = { $shown } von { $all } angezeigt
modules-nothing-like-that = Kein Modul passt dazu.
modules-search = Module suchen
modules-category = Kategorie
modules-all-categories = Alle Kategorien
modules-tag = Schlagwort
modules-all-tags = Alle Schlagwörter
modules-tags = Schlagwörter
modules-enabled = Aktiviert
modules-disabled = Deaktiviert
modules-page = Seite
modules-failed = Das hat nicht geklappt
modules-version = Version { $version }
modules-builtin = Mitgeliefert
modules-community = Community
modules-homepage = Homepage
modules-repository = Quelltext
modules-network = das Netzwerk
modules-programs = Programme und Dienste { $names }
modules-python = Python-Pakete { $names }
packages-title = Python-Pakete
packages-ready = Bereit
packages-failed = Ließen sich nicht installieren
packages-missing = Noch nicht installiert
packages-python = Python-Version
packages-size = Auf der Platte
packages-folder = Ordner
packages-shared = Auch verwendet von
modules-enable = Aktivieren
modules-enable-it = { $name } aktivieren
modules-enabling = Wird aktiviert …
modules-enabling-it = Wird aktiviert … { $name }
modules-disable = Deaktivieren
modules-disable-it = { $name } deaktivieren
modules-disabling = Wird deaktiviert …
modules-disabling-it = Wird deaktiviert … { $name }
modules-cannot-run = Es kann auf diesem Rechner nicht laufen
modules-has-errors = Es hat Fehler: zuerst diese beheben

## What components of modules say by themselves
part-button = Schaltfläche
part-box = Kästchen
part-switch = Schalter
part-text = Text
part-choice = Auswahl
part-choices = Auswahl
part-untitled = Ohne Titel
part-picture = Bild, das nicht geladen werden konnte
part-picture-elsewhere = Bild auf { $host }
part-no-data = Keine Daten
part-close = Schließen
part-progress = Fortschritt
part-nothing = Nichts
part-empty = Nichts zu zeigen.
part-busy = Beschäftigt
part-up = Steigend:
part-down = Fallend:
part-unknown = Unbekannte Komponente „{ $name }“
part-no-type = Komponente ohne Typ
part-too-deep = Zu tief verschachtelt
part-not-drawn = Dieser Teil konnte nicht dargestellt werden
field-changed = Anderswo geändert
field-changed-to = Anderswo geändert zu { $value }
field-emptied = Anderswo geleert
field-take = Übernehmen
field-keep = Meines behalten
field-on = ein
field-off = aus
stories = Komponenten
stories-open = Öffnen: { $name }
table = Tabelle
table-actions = Aktionen
table-pages = Seiten der Tabelle
table-rows = { $from }–{ $to } von { $all }
table-back = Vorige Seite
table-forth = Nächste Seite
table-filter = Zeilen filtern
table-found = { $found ->
    [one] { $found } von { $all } Zeilen passt
   *[other] { $found } von { $all } Zeilen passen
}
table-none-found = Keine Zeile passt.
chart = Liniendiagramm
chart-series = Reihe { $number }
chart-no-data = keine Daten
chart-told = jetzt { $last }, von { $low } bis { $high } in { $count ->
    [one] { $count } Wert
   *[other] { $count } Werten
}
chart-named = { $name }: { $told }
chart-read = Werte ablesen
chart-place = Wert { $number } von { $count }
chart-at = { $when }: { $told }

## The page Set up
setup-title = Einrichten
setup-count = { $configured } von { $all } eingerichtet
setup-not-loaded = Was eingerichtet werden kann, konnte nicht geladen werden
setup-read-only = Hier kann nichts geändert werden
setup-empty = Noch gibt es nichts einzurichten. Ein Setup-Modul ist ein Ordner mit einer `desc.json`; legen Sie Ihren in Contaras Modulordner, und er erscheint hier.
setup-shown = { $count } angezeigt
setup-nothing-like-that = Nichts passt dazu.
setup-other = Sonstiges
setup-see = Ansehen, was eingerichtet werden kann

## Its filter
filter-text = In dem suchen, was eingerichtet werden kann
filter-section = Bereich
filter-all-sections = Alle Bereiche
filter-state = Zustand
filter-all-states = Alle Zustände
filter-new = Nicht eingerichtet
filter-configured = Eingerichtet
filter-trouble = Mit Problemen

## One module of the list
module-configured = Eingerichtet
module-not-configured = Nicht eingerichtet
module-unusable = Nicht verwendbar
module-restarts = Startet den Rechner am Ende neu
module-problems = Probleme von { $name }
module-details = Einzelheiten
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

## A setup module’s own page
about-needs = Braucht
about-conflicts = Verträgt sich nicht mit
about-packages-there = Vorhanden
about-packages-missing = Noch nicht vorhanden
about-restart = Am Ende nötig
about-website = Website
about-not-loaded = Das Modul konnte nicht geladen werden
about-none = Es gibt kein Setup-Modul „{ $slug }“.
about-under-way = Lauf { $id } ist im Gange
about-set-up = { $name } einrichten
about-reconfigure = Neu einrichten
about-reconfigure-it = { $name } neu einrichten
about-history = Verlauf
about-never-run = Es ist noch nie gelaufen.
history-answers = Antworten
history-answers-changed = Antworten, { $count } geändert
history-changed = geändert
history-undone = , rückgängig gemacht von { $by }, { $when }

## A plan under review
plan-title = Prüfen
plan-nothing-chosen = Nichts ist ausgewählt.
plan-choose = Auswählen, was eingerichtet wird
plan-choose-again = Neu auswählen
plan-concerned = Module: { $names }
plan-go-to-run = Zu Lauf { $id }
plan-changed = Der Plan hat sich inzwischen geändert
plan-changed-how = So ist er jetzt. Noch einmal ansehen, dann starten.
plan-refused = Das lässt sich nicht zusammen einrichten
plan-not-made = Der Plan konnte nicht erstellt werden
plan-not-begun = Es wurde nicht gestartet
plan-making = Der Plan wird erstellt …
plan-see-problems = Der Start ist nicht möglich: siehe die Probleme oben.
plan-nothing-to-do = Es gibt nichts zu tun.
plan-nothing-changed = Noch wurde nichts geändert.
plan-start = Starten
plan-modules = { $count ->
    [one] { $count } Modul
   *[other] { $count } Module
}
plan-already-configured = Bereits eingerichtet, bleibt wie es ist
plan-no-manager = Keine Paketverwaltung
plan-manager = Mit { $manager }
plan-more = Dienste und mehr
plan-restart = Der Rechner muss am Ende neu gestartet werden
plan-restart-asked = Vorher wird nachgefragt.
plan-needed-by = Nötig für { $names }
plan-needed = Nötig
plan-again = Neu eingerichtet
plan-asks = Fragt nach { $labels }
plan-asks-nothing = Fragt nichts
plan-script = Führt `{ $script }` aus
plan-services = Dienste
plan-ports = Ports
plan-of = `{ $what }` von { $module }
plan-login = , verlangt eine Anmeldung
plan-port-used = , belegt von { $by }
plan-install = { $count ->
    [one] { $count } Paket
   *[other] { $count } Pakete
} zu installieren
plan-upgrade = { $count ->
    [one] { $count } Paket
   *[other] { $count } Pakete
} zu aktualisieren
plan-remove = { $count ->
    [one] { $count } Paket
   *[other] { $count } Pakete
} zu entfernen
plan-present = { $count ->
    [one] { $count } Paket
   *[other] { $count } Pakete
} bereits vorhanden
plan-no-packages = Kein Paket wird installiert, aktualisiert oder entfernt.
plan-download = { $size } herunterzuladen
plan-disk = { $size } Plattenplatz
plan-disk-freed = { $size } Plattenplatz werden frei

## Steps of a plan or run
steps = Schritte
step-download = Herunterladen
step-sign-in = Anmelden
step-configure = Einrichten
step-end = Abschluss
step-disabled = Nicht nötig
step-todo = Offen
step-running = Läuft
step-done = Fertig
step-failed = Fehlgeschlagen
step-cancelled = Abgebrochen
step-interrupted = Unterbrochen

## Runs
run = Lauf { $id }
runs-under-way = Im Gange
runs-last = Letzte Läufe
run-when-by = { $when }, von { $by }
run-begun = Lauf { $id }, { $when }
run-begun-by = Lauf { $id }, begonnen von { $by }, { $when }
run-queued = In der Warteschlange
run-running = Läuft
run-waiting = Wartet auf Sie
run-done = Fertig
run-failed = Fehlgeschlagen
run-cancelled = Abgebrochen
run-interrupted = Unterbrochen
run-waits-turn = Er wartet, bis er an der Reihe ist.
run-waits-for = Er wartet auf das Ende von Lauf { $id }.
run-script = Das Skript von { $name } läuft.
run-under-way = Er ist im Gange.
run-wants-sign-in = Zum Fortfahren bei den Paketquellen anmelden.
run-wants-answers = Zum Fortfahren die Fragen beantworten.
run-all-done = Alles ist erledigt.
run-has-failed = Er ist fehlgeschlagen. Was getan wurde, bleibt, und „Wiederholen“ macht von dort weiter.
run-was-cancelled = Er wurde abgebrochen. Was getan wurde, bleibt, und „Wiederholen“ macht von dort weiter.
run-was-interrupted = Contara wurde inzwischen beendet. Was getan wurde, bleibt, und „Wiederholen“ macht von dort weiter.
run-retry = Wiederholen
run-cancel = Lauf abbrechen
run-cancel-title = Lauf abbrechen?
run-cancel-no = Weiterlaufen lassen
run-cancel-question = Was bisher getan wurde, bleibt; was gerade läuft, wird beendet. Von dort kann es wiederholt werden.
run-none = Es gibt keinen Lauf { $id }.
run-not-loaded = Der Lauf konnte nicht geladen werden
run-question-not-loaded = Was er fragt, konnte nicht geladen werden
run-not-retried = Es konnte nicht wiederholt werden
run-not-cancelled = Es konnte nicht abgebrochen werden
run-not-restarted = Der Rechner konnte nicht neu gestartet werden
run-answers-refused = Die Antworten wurden nicht angenommen
run-sign-in-failed = Das Anmelden ist fehlgeschlagen
run-where = Wo es zu finden ist
run-no-script = Kein Skript
run-needed-by-another = Für ein anderes nötig

## What a run printed
output = Ausgabe
output-download = Herunterladen
output-lines = Zeilen
output-nothing = Noch wurde nichts ausgegeben.
output-follow = Dem Ende folgen
output-count = { $count ->
    [one] { $count } Zeile
   *[other] { $count } Zeilen
}
output-command = Befehl:
output-info = Info
output-warning = Warnung
output-error = Fehler
summary = Zusammenfassung
summary-of = Zusammenfassung von { $name }

## Why a run failed
failure-step = Schritt
failure-command = Befehl
failure-exit = Endete mit
failure-lines = Letzte Zeilen

## The restart of the machine
restart-title = Rechner neu starten?
restart-yes = Neu starten
restart-no = Nicht jetzt
restart-question = Der Rechner wird neu gestartet: Alles, was er tut, wird für alle unterbrochen. Während eines kurzen Countdowns lässt sich das noch absagen.
restart-needed = Damit alles funktioniert, muss der Rechner neu gestartet werden.
restart-now = Rechner neu starten
restart-soon = Der Rechner startet gleich neu.
restart-in = In { $time }
restart-call-off = Absagen
restart-going = Der Rechner startet neu. Diese Seite verbindet sich von selbst wieder, sobald er zurück ist.

## What a run did to files
files = Dateien
files-count = { $count ->
    [one] { $count } Datei oder Ordner
   *[other] { $count } Dateien und Ordner
}
files-not-loaded = Die Dateien konnten nicht geladen werden
files-unknown = Was { $names } mit Dateien gemacht hat, ist nicht bekannt.
files-undone = Rückgängig gemacht von { $by }, { $when }.
files-undo-broken = Ein Rückgängigmachen wurde abgebrochen. Ein weiteres stellt auch den Rest wieder her.
files-left = Einige sind nicht wie zuvor
files-undo = Rückgängig machen
files-undo-title = Rückgängig machen, was dieser Lauf an Dateien geändert hat?
files-undo-question = Die Dateien dieses Laufs werden wiederhergestellt, wie sie vor ihm waren.
files-undo-no = So lassen
files-undo-failed = Es konnte nicht rückgängig gemacht werden
files-overwrite-title = Neuere Änderungen überschreiben?
files-overwrite-yes = Überschreiben
files-overwrite-question = Seit dem Lauf geändert: { $paths }. Sie werden mit dem überschrieben, was sie vor ihm waren.
files-packages-stay = Pakete bleiben, wie sie sind: { $names }.
files-services-stay = Dienste bleiben, wie sie sind: { $names }.
files-mode = Rechte { $before } → { $after }
files-owner = Eigentümer { $before } → { $after }
files-created = Angelegt
files-changed = Geändert
files-deleted = Gelöscht
files-created-count = { $count ->
    [one] { $count } Datei angelegt
   *[other] { $count } Dateien angelegt
}
files-changed-count = { $count ->
    [one] { $count } Datei geändert
   *[other] { $count } Dateien geändert
}
files-deleted-count = { $count ->
    [one] { $count } Datei gelöscht
   *[other] { $count } Dateien gelöscht
}
files-changed-more = { $count } geändert
files-deleted-more = { $count } gelöscht
files-difference = Unterschied
files-difference-of = Unterschied von { $path }
files-no-difference = Es gibt keinen Unterschied.
files-difference-cut = Der Rest ist weggelassen.

## The questions of a run
questions = Fragen
questions-configure = Einrichten
questions-faults = Was zu ändern ist
questions-faults-title = Einige Antworten müssen geändert werden
questions-required = muss beantwortet werden
questions-remove = { $label } { $number } entfernen
questions-add = Hinzufügen
questions-add-to = zu { $label }
questions-address = Adresse
questions-mask = Maske
questions-yes = Ja
questions-no = Nein
questions-set = Gesetzt
questions-not-set = Nicht gesetzt
password-stays = Es ist gesetzt und bleibt, wie es ist.
password-change = Ändern
password-change-it = { $label } ändern
password-show = { $label } zeigen
password-hide = { $label } verbergen
password-again = { $label }, noch einmal
password-keep = So lassen
password-keep-it = { $label } so lassen
repositories-sign-in = Bei Paketquellen anmelden
repositories-login = Benutzername
repositories-password = Passwort

## How far the package manager is
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

## How the system is
system-health = Zustand
system-well = in Ordnung
system-attention = braucht Aufmerksamkeit
system-failed = ausgefallen
system-all-well = Alles ist in Ordnung.
system-some-attention = Etwas braucht Aufmerksamkeit.
system-some-failed = Etwas ist ausgefallen.
system-not-loaded = Der Zustand konnte nicht erfragt werden
system-daemon = Der Dienst
system-listener = Adresse
system-store = Datenbank
system-disk = Platte
system-python = Python
system-packages = Python-Pakete
system-catalog = Modulordner
system-stream = Verbindungen
system-storage = Speicherplatz
system-downloads = Downloads von Python-Paketen
system-files = Dateien vor dem Einrichten
system-other-modules = Andere Module
system-free = { $free } frei von { $total }
system-measuring = Wird gemessen …
system-taken = Was belegt ist
system-versions = Versionen
system-kernel = Kernel
system-processor = Prozessor
system-node = Rechner
system-started = Gestartet
system-memory = Arbeitsspeicher
system-limits = Grenzen
system-limits-why = Was ein Modul nutzen darf. Sie stehen in der Konfiguration.
system-unlimited = Keine Grenze
system-limit-memory = Arbeitsspeicher
system-limit-addresses = Adressraum
system-limit-processes = Prozesse
system-limit-files = Offene Dateien
system-limit-ui = Größe der Anzeige
system-limit-frames = Aktualisierungen je Sekunde
## The page Account
account-title = Konto
account-to-activity = Was geschehen ist
account-not-loaded = Die Geräte konnten nicht geladen werden
account-this = Dieses Gerät
account-others = Andere Geräte
account-alone = Kein anderes Gerät ist gekoppelt.
account-connected = Jetzt verbunden
account-paired = Gekoppelt am { $when }
account-seen = zuletzt gesehen { $ago }
account-name = Name
account-rename = Umbenennen
account-rename-of = { $name } umbenennen
account-rename-not = Abbrechen
account-failed = Das hat nicht geklappt
account-sign-out = Abmelden
account-sign-out-this = Dieses Gerät abmelden
account-sign-out-of = { $name } abmelden
account-sign-out-title = { $name } abmelden?
account-sign-out-question = Um es wieder zu benutzen, muss es neu gekoppelt werden.
account-keep = Angemeldet lassen
account-is-signed-out = { $name } ist abgemeldet.
account-everywhere = Überall sonst abmelden
account-everywhere-title = Überall sonst abmelden?
account-everywhere-question = { $count ->
    [1] Ein anderes Gerät muss neu gekoppelt werden, um es wieder zu benutzen.
   *[other] { $count } andere Geräte müssen neu gekoppelt werden, um sie wieder zu benutzen.
}
account-are-signed-out = { $count ->
    [1] Ein Gerät ist abgemeldet.
   *[other] { $count } Geräte sind abgemeldet.
}
account-pair = Ein weiteres Gerät koppeln
account-pair-run = `contara pair` auf dem Rechner ausführen: Das gibt einen Link zum Anmelden aus und einen Code.
account-pair-open = Auf dem anderen Gerät den Link öffnen, oder `{ $address }` und den Code eingeben. Er gilt einmal und fünf Minuten lang.
account-pair-why = Codes gibt es nur auf dem Rechner selbst: Wer eines der Geräte hat, kann niemanden hereinlassen.
account-display = Darstellung

## The page Activity
activity-title = Aktivität
activity-kind = Art
activity-all = Alles
activity-sign-ins = Anmeldungen
activity-actions = Aktionen
activity-not-loaded = Was geschehen ist, konnte nicht geladen werden
activity-empty = Es ist noch nichts geschehen.
activity-empty-kind = Davon ist noch nichts geschehen.
activity-more = Mehr zeigen
activity-came = { $count ->
    [1] Ein Eintrag mehr
   *[other] { $count } Einträge mehr
}
activity-somebody = Jemand, der nicht gekoppelt ist
activity-took = dauerte { $time }
activity-times = { $count }-mal, zuletzt um { $last }
activity-failed = Fehlgeschlagen
activity-cancelled = Abgebrochen
activity-refused = Abgewiesen
activity-paired = Angemeldet von { $from }
activity-wrong-code = Falscher Kopplungscode von { $from }
activity-locked-out = Kopplungsversuch trotz zu vieler falscher Codes
activity-signed-out = Abgemeldet
activity-revoked = { $name } abgemeldet
activity-enabled = { $module } aktiviert
activity-disabled = { $module } deaktiviert
activity-ran = { $module }: { $action }
activity-settings = Einstellungen von { $module } geändert
activity-begun = Einrichtung von { $names } begonnen
activity-retried = Einrichtung von { $names } erneut versucht
activity-setup-cancelled = Einrichtung von { $names } abgebrochen
activity-reboot = Rechner für { $names } neu gestartet
activity-undone = Zurückgenommen, was die Einrichtung von { $names } an Dateien getan hat

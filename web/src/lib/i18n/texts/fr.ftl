### What the client itself says, in French. Keys and variables are listed in texts.ts.

## Words that many parts of the page use
loading = Chargement…
load-again = Recharger
try-again = Réessayer
show-all = Tout afficher
search = Chercher
modules = Modules
module = Module
settings = Paramètres
problems = Problèmes
warnings = Avertissements
errors = Erreurs
information = Informations
packages = Paquets
repositories = Dépôts
restart = Redémarrage
none = Aucun
by = par { $name }
of = de { $name }
needs = Nécessite { $names }
colon =  :
semicolon =  ;
weight-info = Remarque :
weight-success = Succès :
weight-warning = Avertissement :
weight-error = Erreur :

## Spans of time and amounts
seconds = { $count } s
minutes = { $count } min
percent = { $count } %
part-of = { $part } sur { $whole }
size = { $amount } { $unit ->
    [B] o
    [KB] ko
    [MB] Mo
    [GB] Go
   *[TB] To
}

## The choice of the language
language = Langue
language-of-browser = Langue du navigateur

## The choice of light or dark
theme = Couleurs
theme-of-system = Comme le système
theme-light = Clair
theme-dark = Sombre

## The frame around all pages
skip-to-content = Aller au contenu
pages = Pages
dashboard = Tableau de bord
activity = Activité
system = Système
account = Compte
sign-out = Se déconnecter
page-file-not-loaded = Cette page n’a pas pu être chargée
page-file-why = Il en manque un fichier : la connexion est peut-être perdue, ou Contara a été mis à jour.
page-not-found = Page introuvable
page-nothing-here = Il n’y a rien à cette adresse.
go-to-dashboard = Aller au tableau de bord
notifications = Notifications
notifications-new = Notifications : { $count ->
    [one] { $count } nouvelle
   *[other] { $count } nouvelles
}
notifications-new-errors = Notifications : { $count ->
    [one] { $count } nouvelle
   *[other] { $count } nouvelles
}, dont { $errors ->
    [one] une erreur
   *[other] { $errors } erreurs
}
notifications-none = Rien n’a été signalé depuis l’ouverture de cette page.
notifications-clear = Tout effacer
notifications-activity = Ce qui s’est passé sur cette machine
notification-dismiss = Fermer la notification
confirm-title = Vraiment continuer ?
confirm-yes = Continuer
confirm-no = Annuler
confirm-danger-title = { $action } ?
confirm-danger = Il se peut que ce soit impossible à annuler.

## The command palette
palette = Chercher et exécuter
palette-keys = Ctrl K
palette-placeholder = Aller à une page ou lancer une action
palette-found = Trouvé
palette-page = Page
palette-nothing = Rien ne porte ce nom.
palette-more = { $count } de plus : précisez
palette-count = { $count ->
    [one] { $count } entrée
   *[other] { $count } entrées
}

## The connection and the server
connection = Connexion
connection-connecting = Connexion…
connection-connected = Connecté
connection-lost = Connexion perdue.
connection-retrying = Nouvelle tentative…
connection-retry = Réessayer
connection-data-from = Données affichées : { $ago }.
not-connected = Non connecté à Contara
unreachable = Contara est injoignable.
unreachable-at = Contara sur { $host } est injoignable
unreachable-since = Nouvelles tentatives depuis { $time } ({ $ago }).
unreachable-machine = La machine est-elle allumée, et Contara y tourne-t-il ?
unreachable-network = Cet appareil est-il sur le même réseau, ou connecté à celui-ci ?
unreachable-address = La machine a-t-elle changé d’adresse entre-temps ?
action-lost = La connexion a été perdue avant la réponse. L’action a peut-être été exécutée : vérifiez avant de réessayer.
server-answered = Le serveur a répondu { $status }.
server-unreadable = La réponse du serveur n’a pas pu être lue.
value-refused = Cette valeur n’est pas acceptée.
problem-unnamed = Le module a un problème
remark-unnamed = Quelque chose ne va pas ici
failure-unnamed = Quelque chose s’est mal passé

## Signing in
sign-in = Se connecter
sign-in-title = Se connecter à Contara
sign-in-where = Exécutez `contara pair` sur la machine : la commande affiche un lien de connexion et un code à saisir ici.
sign-in-code = Code d’appairage
sign-in-hint = Un code sert une seule fois, pendant cinq minutes.
sign-in-malformed = Un code d’appairage a 12 caractères, 0–9 et A–F, comme 3F7A-09C2-B4D1.
sign-in-refused = Ce code n’est pas valide. Il est peut-être mal saisi, expiré ou déjà utilisé.
sign-in-unreachable = Contara est injoignable. Vérifiez qu’il fonctionne et que vous êtes sur son réseau, puis réessayez.
signed-out = La session est terminée. Appairez à nouveau ce navigateur pour continuer.
sign-out-failed = La déconnexion a échoué : { $why }

## The dashboard
dashboard-no-tile = Aucun module activé n’a de tuile
dashboard-none-enabled = Aucun module n’est activé
dashboard-no-modules = Pas encore de modules
dashboard-place = Ce que montrent les modules activés a sa place ici.
dashboard-how = Un module est un dossier avec un fichier `module.json`. Placez le vôtre dans le dossier des modules de Contara ; la page « Modules » montre chaque dossier qui y a été trouvé, et ce qui n’y va pas.
dashboard-enable = Activer des modules
dashboard-go = Aller aux modules
dashboard-disabled = Désactivés : { $count }
tile-nothing = Ce module n’affiche rien sur le tableau de bord.
tile-age = Actualisé { $ago }

## Arranging the dashboard
arrange = Organiser
arrange-tiles = Organiser les tuiles
arrange-hint = Faites glisser une tuile par sa barre pour la déplacer et par son coin pour la redimensionner, ou appuyez sur la barre pour afficher des boutons.
arrange-keys = Les flèches déplacent, Maj et les flèches redimensionnent, Entrée prend et pose, Échap annule.
arrange-done = Terminé
arrange-reset = Réinitialiser
arrange-reset-title = Réinitialiser la disposition ?
arrange-reset-message = Toutes les tuiles seront de nouveau affichées, dans l’ordre et à la taille prévus par leurs modules.
arrange-hidden = Masquées :
arrange-none-shown = Toutes les tuiles sont masquées.
arrange-move = Déplacer { $name }
arrange-hide = Masquer { $name }
arrange-show = Afficher { $name }
arrange-earlier = Vers le début
arrange-later = Vers la fin
arrange-narrower = Réduire la largeur
arrange-wider = Augmenter la largeur
arrange-shorter = Réduire la hauteur
arrange-taller = Augmenter la hauteur
arrange-no-further = Impossible ici
arrange-place = { $name }, position { $position } sur { $count }, largeur de { $columns ->
    [one] { $columns } colonne
   *[other] { $columns } colonnes
}, hauteur de { $rows ->
    [one] { $rows } ligne
   *[other] { $rows } lignes
}
arrange-picked-up = Tuile prise : { $place }
arrange-put-down = Tuile posée : { $place }
arrange-taken-back = Annulé : { $place }
arrange-is-hidden = La tuile { $name } est masquée
arrange-is-reset = La disposition est réinitialisée
arrange-not-saved = La disposition n’est pas enregistrée
arrange-elsewhere = Le tableau de bord a été organisé entre-temps dans une autre fenêtre. Il est maintenant comme là-bas.

## How a live module is
life-stopped = Arrêté
life-starting = Démarrage…
life-running = En marche
life-stopping = Arrêt…
life-backoff = Redémarrage
life-failed = En panne
life-preparing = Installation…
life-blocked = Bloqué
life-invalid = Non valide
life-disabled = Désactivé
life-trouble = Le module ne fonctionne plus
details-show = Afficher les détails
traceback = Traceback
installing = Installation des paquets…
installing-part = Installation des paquets… { $done } sur { $total }
starting-again = Redémarrage dans { $time }
trying-again = Nouvel essai dans { $time }
trying-stopped = Plus de nouvel essai
try-again-with = avec { $name }

## What a module is asked to do
calls = Actions en cours
call-cancel = Annuler { $name }
call-over = C’était déjà terminé.
call-failed = L’action a échoué
call-not-cancelled = L’annulation a échoué
modal-missing-title = Rien à ouvrir
modal-missing = Le module a demandé d’ouvrir « { $id } », qu’il n’a pas.
refresh = Actualiser
refresh-module = Actualiser { $name }
refresh-failed = Le module n’a pas pu être interrogé
open-module = Ouvrir { $name }

## A live module’s own page
page-no-module = Il n’y a pas de module « { $name } ».
page-all-modules = Voir tous les modules
page-not-enabled = { $name } n’est pas activé.
page-enable = L’activer sur la page « Modules »
page-none = Ce module n’a pas de page à afficher.
page-not-loaded = La page n’a pas pu être chargée

## A module’s log
log = Journal
log-of = Journal de { $name }
log-see = Voir le journal
log-not-loaded = Le journal n’a pas pu être chargé
log-filter = Chercher dans le journal
log-level = Niveau
log-all-levels = Tous les niveaux
log-info = Sans débogage
log-warning = Avertissements et erreurs
log-error = Erreurs
log-nothing = Rien n’a encore été consigné.
log-none-match = Aucune ligne ne correspond.
log-found = { $found } lignes sur { $all } correspondent
log-anew = À partir d’ici, Contara a été redémarré.
log-gap = { $count ->
    [one] { $count } ligne n’est plus conservée.
   *[other] { $count } lignes ne sont plus conservées.
}

## Its settings
settings-of = Paramètres de { $name }
settings-title = Paramètres de { $name }
settings-none = Ce module n’a pas de paramètres.
settings-refused = Les paramètres enregistrés n’ont pas été acceptés
settings-not-loaded = Les paramètres n’ont pas pu être chargés
settings-not-saved = Les paramètres n’ont pas été enregistrés
settings-overtaken-title = Modifié ailleurs entre-temps
settings-overtaken = Rien n’a été enregistré. Regardez ce qui a changé, puis enregistrez de nouveau.
settings-not-json = Ce n’est pas du JSON valide.
settings-lines = Un élément par ligne.
settings-json = En JSON.
settings-save = Enregistrer
settings-reset = Réinitialiser
settings-saved = Enregistré
secret-stored = Enregistré
secret-to-clear = Sera effacé
secret-keep = Conserver
secret-keep-it = Conserver { $name }
secret-clear = Effacer
secret-clear-it = Effacer { $name }

## The page Modules
modules-count = { $enabled } sur { $all } activés
modules-not-loaded = La liste des modules n’a pas pu être chargée
modules-empty = Aucun module n’a été trouvé. Un module est un dossier avec un fichier `module.json` ; placez le vôtre dans le dossier des modules de Contara et il apparaîtra ici.
modules-shown = { $shown } sur { $all } affichés
modules-nothing-like-that = Aucun module ne correspond.
modules-search = Chercher des modules
modules-category = Catégorie
modules-all-categories = Toutes catégories
modules-tag = Mot-clé
modules-all-tags = Tous les mots-clés
modules-tags = Mots-clés
modules-enabled = Activés
modules-disabled = Désactivés
modules-page = Page
modules-failed = Cela n’a pas fonctionné
modules-version = Version { $version }
modules-builtin = Intégré
modules-community = Communauté
modules-homepage = Site web
modules-repository = Code source
modules-network = le réseau
modules-programs = les programmes et services { $names }
modules-python = les paquets Python { $names }
packages-title = Paquets Python
packages-ready = Prêts
packages-failed = N’ont pas pu être installés
packages-missing = Pas encore installés
packages-python = Version de Python
packages-size = Sur le disque
packages-folder = Dossier
packages-shared = Aussi utilisés par
modules-enable = Activer
modules-enable-it = Activer { $name }
modules-enabling = Activation…
modules-enabling-it = Activation… { $name }
modules-disable = Désactiver
modules-disable-it = Désactiver { $name }
modules-disabling = Désactivation…
modules-disabling-it = Désactivation… { $name }
modules-cannot-run = Il ne peut pas fonctionner sur cette machine
modules-has-errors = Il a des erreurs : corrigez-les d’abord

## What components of modules say by themselves
part-button = Bouton
part-box = Case
part-switch = Interrupteur
part-text = Texte
part-choice = Choix
part-choices = Choix
part-untitled = Sans titre
part-picture = Image qui n’a pas pu être chargée
part-picture-elsewhere = Image sur { $host }
part-no-data = Aucune donnée
part-close = Fermer
part-progress = Progression
part-nothing = Rien
part-empty = Rien à afficher.
part-busy = Occupé
part-up = En hausse :
part-down = En baisse :
part-unknown = Composant inconnu « { $name } »
part-no-type = Composant sans type
part-too-deep = Imbriqué trop profondément
part-not-drawn = Cette partie n’a pas pu être affichée
field-changed = Modifié ailleurs
field-changed-to = Modifié ailleurs en { $value }
field-emptied = Vidé ailleurs
field-take = Prendre cette valeur
field-keep = Garder le mien
field-on = activé
field-off = désactivé
stories = Composants
stories-open = Ouvrir : { $name }
table = Tableau
table-actions = Actions
table-pages = Pages du tableau
table-rows = { $from }–{ $to } sur { $all }
table-back = Page précédente
table-forth = Page suivante
table-filter = Filtrer les lignes
table-found = { $found ->
    [one] { $found } ligne sur { $all } correspond
   *[other] { $found } lignes sur { $all } correspondent
}
table-none-found = Aucune ligne ne correspond.
chart = Graphique linéaire
chart-series = Série { $number }
chart-no-data = aucune donnée
chart-told = maintenant { $last }, de { $low } à { $high } sur { $count ->
    [one] { $count } valeur
   *[other] { $count } valeurs
}
chart-named = { $name } : { $told }
chart-read = Lire les valeurs
chart-place = Valeur { $number } sur { $count }
chart-at = { $when } : { $told }

## The page Set up
setup-title = Installer
setup-count = { $configured } sur { $all } configurés
setup-not-loaded = La liste des modules à installer n’a pas pu être chargée
setup-read-only = Rien ne peut être modifié ici
setup-empty = Il n’y a encore rien à installer. Un module d’installation est un dossier avec un fichier `desc.json` ; placez le vôtre dans le dossier des modules de Contara et il apparaîtra ici.
setup-shown = { $count ->
    [one] { $count } affiché
   *[other] { $count } affichés
}
setup-nothing-like-that = Rien ne correspond.
setup-other = Autres
setup-see = Voir ce qui peut être installé

## Its filter
filter-text = Chercher parmi les modules à installer
filter-section = Section
filter-all-sections = Toutes les sections
filter-state = État
filter-all-states = Tous les états
filter-new = Non configurés
filter-configured = Configurés
filter-trouble = Avec des problèmes

## One module of the list
module-configured = Configuré
module-not-configured = Non configuré
module-unusable = Inutilisable
module-restarts = Redémarre la machine à la fin
module-problems = Problèmes de { $name }
module-details = Détails
module-links = Liens de { $name }
module-link-of = de { $name }, dans un nouvel onglet
module-see-problems = Ce module est inutilisable : voyez ses problèmes.
module-with-others = Ce module s’installe avec ceux qui en ont besoin.
module-is-configured = Ce module est déjà configuré.
module-conflicts = En conflit avec { $other }, qui est { $state ->
    [chosen] sélectionné
    [needed] nécessaire
   *[configured] configuré
}.
module-need-conflicts = Nécessite { $own }, en conflit avec { $other }, qui est { $state ->
    [chosen] sélectionné
    [needed] nécessaire
   *[configured] configuré
}.

## What is chosen
chosen = Modules sélectionnés
chosen-clear = Effacer
chosen-review = Vérifier { $count ->
    [one] { $count } module
   *[other] { $count } modules
}
chosen-look-at = Voir { $count ->
    [one] { $count } module
   *[other] { $count } modules
}

## A setup module’s own page
about-needs = Nécessite
about-conflicts = En conflit avec
about-packages-there = Présents
about-packages-missing = Pas encore présents
about-restart = Nécessaire à la fin
about-website = Site web
about-not-loaded = Le module n’a pas pu être chargé
about-none = Il n’y a pas de module d’installation « { $slug } ».
about-under-way = L’exécution { $id } est en cours
about-set-up = Installer { $name }
about-reconfigure = Reconfigurer
about-reconfigure-it = Reconfigurer { $name }
about-history = Historique
about-never-run = Ce module n’a jamais été exécuté.
history-answers = Réponses
history-answers-changed = Réponses, { $count ->
    [one] { $count } modifiée
   *[other] { $count } modifiées
}
history-changed = modifiée
history-undone = , annulé par { $by }, { $when }

## A plan under review
plan-title = Vérification
plan-nothing-chosen = Rien n’est sélectionné.
plan-choose = Choisir ce qui sera installé
plan-choose-again = Choisir à nouveau
plan-concerned = Modules : { $names }
plan-go-to-run = Aller à l’exécution { $id }
plan-changed = Le plan a changé depuis que vous l’avez vu
plan-changed-how = Le voici maintenant. Relisez-le, puis démarrez.
plan-refused = Cela ne peut pas être installé ensemble
plan-not-made = Le plan n’a pas pu être établi
plan-not-begun = Rien n’a été démarré
plan-making = Le plan est en cours d’établissement…
plan-see-problems = Impossible de démarrer : voyez les problèmes ci-dessus.
plan-nothing-to-do = Il n’y a rien à faire.
plan-nothing-changed = Rien n’a encore été modifié.
plan-start = Démarrer
plan-modules = { $count ->
    [one] { $count } module
   *[other] { $count } modules
}
plan-already-configured = Déjà configuré, et laissé tel quel
plan-no-manager = Pas de gestionnaire de paquets
plan-manager = Avec { $manager }
plan-more = Services et autres
plan-restart = La machine doit être redémarrée à la fin
plan-restart-asked = Une confirmation est demandée avant.
plan-needed-by = Nécessaire à { $names }
plan-needed = Nécessaire
plan-again = Reconfiguré
plan-asks = Demande { $labels }
plan-asks-nothing = Ne demande rien
plan-script = Exécute `{ $script }`
plan-services = Services
plan-ports = Ports
plan-of = `{ $what }` de { $module }
plan-login = , demande une connexion
plan-port-used = , utilisé par { $by }
plan-install = { $count ->
    [one] { $count } paquet
   *[other] { $count } paquets
} à installer
plan-upgrade = { $count ->
    [one] { $count } paquet
   *[other] { $count } paquets
} à mettre à niveau
plan-remove = { $count ->
    [one] { $count } paquet
   *[other] { $count } paquets
} à supprimer
plan-present = { $count ->
    [one] { $count } paquet déjà présent
   *[other] { $count } paquets déjà présents
}
plan-no-packages = Aucun paquet n’est installé, mis à niveau ou supprimé.
plan-download = { $size } à télécharger
plan-disk = { $size } d’espace disque
plan-disk-freed = { $size } d’espace disque libérés

## Steps of a plan or run
steps = Étapes
step-download = Téléchargement
step-sign-in = Connexion
step-configure = Configuration
step-end = Fin
step-disabled = Pas nécessaire
step-todo = À faire
step-running = En cours
step-done = Terminé
step-failed = Échoué
step-cancelled = Annulé
step-interrupted = Interrompu

## Runs
run = Exécution { $id }
runs-under-way = En cours
runs-last = Dernières exécutions
run-when-by = { $when }, par { $by }
run-begun = Exécution { $id }, { $when }
run-begun-by = Exécution { $id }, lancée par { $by }, { $when }
run-queued = En file d’attente
run-running = En cours
run-waiting = Attend votre réponse
run-done = Terminée
run-failed = Échouée
run-cancelled = Annulée
run-interrupted = Interrompue
run-waits-turn = Elle attend son tour.
run-waits-for = Elle attend la fin de l’exécution { $id }.
run-script = Le script de { $name } s’exécute.
run-under-way = Elle est en cours.
run-wants-sign-in = Connectez-vous aux dépôts pour continuer.
run-wants-answers = Répondez aux questions pour continuer.
run-all-done = Tout est terminé.
run-has-failed = Elle a échoué. Ce qui est fait reste, et « Relancer » reprend de là.
run-was-cancelled = Elle a été annulée. Ce qui est fait reste, et « Relancer » reprend de là.
run-was-interrupted = Contara s’est arrêté entre-temps. Ce qui est fait reste, et « Relancer » reprend de là.
run-retry = Relancer
run-cancel = Annuler l’exécution
run-cancel-title = Annuler l’exécution ?
run-cancel-no = La laisser continuer
run-cancel-question = Ce qui est fait reste fait ; ce qui s’exécute est arrêté. On peut reprendre de là.
run-none = Il n’y a pas d’exécution { $id }.
run-not-loaded = L’exécution n’a pas pu être chargée
run-question-not-loaded = Ses questions n’ont pas pu être chargées
run-not-retried = La relance a échoué
run-not-cancelled = L’annulation a échoué
run-not-restarted = La machine n’a pas pu être redémarrée
run-answers-refused = Les réponses n’ont pas été acceptées
run-sign-in-failed = La connexion a échoué
run-where = Où le trouver
run-no-script = Pas de script
run-needed-by-another = Nécessaire à un autre

## What a run printed
output = Sortie
output-download = Télécharger
output-lines = Lignes
output-nothing = Rien n’a encore été affiché.
output-follow = Suivre la fin
output-count = { $count ->
    [one] { $count } ligne
   *[other] { $count } lignes
}
output-command = Commande :
output-info = Info
output-warning = Avertissement
output-error = Erreur
summary = Résumé
summary-of = Résumé de { $name }

## Why a run failed
failure-step = Étape
failure-command = Commande
failure-exit = Terminé avec
failure-lines = Ses dernières lignes

## The restart of the machine
restart-title = Redémarrer la machine ?
restart-yes = Redémarrer
restart-no = Pas maintenant
restart-question = La machine va être redémarrée : tout ce qu’elle fait est interrompu, pour tout le monde. Vous pouvez encore y renoncer pendant un court compte à rebours.
restart-needed = La machine doit être redémarrée pour que tout fonctionne.
restart-now = Redémarrer la machine
restart-soon = La machine va bientôt redémarrer.
restart-in = Dans { $time }
restart-call-off = Y renoncer
restart-going = La machine redémarre. Cette page se reconnectera d’elle-même à son retour.

## What a run did to files
files = Fichiers
files-count = { $count ->
    [one] { $count } fichier ou dossier
   *[other] { $count } fichiers et dossiers
}
files-not-loaded = Les fichiers n’ont pas pu être chargés
files-unknown = On ne sait pas ce que { $names } a fait aux fichiers.
files-undone = Annulé par { $by }, { $when }.
files-undo-broken = Une annulation a été interrompue. Annulez à nouveau pour rétablir le reste.
files-left = Certains ne sont pas comme avant
files-undo = Annuler
files-undo-title = Annuler ce que cette exécution a fait aux fichiers ?
files-undo-question = Les fichiers de cette exécution sont remis comme ils étaient avant elle.
files-undo-no = Laisser tel quel
files-undo-failed = L’annulation n’a pas abouti
files-overwrite-title = Écraser des modifications plus récentes ?
files-overwrite-yes = Écraser
files-overwrite-question = Modifiés depuis l’exécution : { $paths }. Ils seront écrasés par leur contenu d’avant.
files-packages-stay = Les paquets restent tels quels : { $names }.
files-services-stay = Les services restent tels quels : { $names }.
files-mode = mode { $before } → { $after }
files-owner = propriétaire { $before } → { $after }
files-created = Créé
files-changed = Modifié
files-deleted = Supprimé
files-created-count = { $count ->
    [one] { $count } fichier créé
   *[other] { $count } fichiers créés
}
files-changed-count = { $count ->
    [one] { $count } fichier modifié
   *[other] { $count } fichiers modifiés
}
files-deleted-count = { $count ->
    [one] { $count } fichier supprimé
   *[other] { $count } fichiers supprimés
}
files-changed-more = { $count ->
    [one] { $count } modifié
   *[other] { $count } modifiés
}
files-deleted-more = { $count ->
    [one] { $count } supprimé
   *[other] { $count } supprimés
}
files-difference = Différence
files-difference-of = Différence de { $path }
files-no-difference = Il n’y a pas de différence.
files-difference-cut = Le reste est omis.

## The questions of a run
questions = Questions
questions-configure = Configurer
questions-faults = Ce qu’il faut modifier
questions-faults-title = Certaines réponses doivent être modifiées
questions-required = réponse obligatoire
questions-remove = Supprimer { $label } { $number }
questions-add = Ajouter
questions-add-to = à { $label }
questions-address = adresse
questions-mask = masque
questions-yes = Oui
questions-no = Non
questions-set = Défini
questions-not-set = Non défini
password-stays = Déjà défini, et conservé tel quel.
password-change = Modifier
password-change-it = Modifier { $label }
password-show = Afficher { $label }
password-hide = Masquer { $label }
password-again = { $label }, à nouveau
password-keep = Laisser tel quel
password-keep-it = Laisser tel quel { $label }
repositories-sign-in = Se connecter aux dépôts
repositories-login = Identifiant
repositories-password = Mot de passe

## How far the package manager is
progress = Avancement des paquets
progress-unnamed = { $total ->
    [0] Téléchargement des paquets
   *[other] Téléchargement du paquet { $number } sur { $total }
}
progress-downloading = { $total ->
    [0] Téléchargement de { $package }
   *[other] Téléchargement de { $package }, { $number } sur { $total }
}
progress-unpacking = { $total ->
    [0] Extraction de { $package }
   *[other] Extraction de { $package }, { $number } sur { $total }
}
progress-installing = { $total ->
    [0] Installation de { $package }
   *[other] Installation de { $package }, { $number } sur { $total }
}
progress-configuring = { $total ->
    [0] Configuration de { $package }
   *[other] Configuration de { $package }, { $number } sur { $total }
}
progress-removing = { $total ->
    [0] Suppression de { $package }
   *[other] Suppression de { $package }, { $number } sur { $total }
}

## How the system is
system-health = État
system-well = en ordre
system-attention = demande attention
system-failed = en panne
system-all-well = Tout est en ordre.
system-some-attention = Quelque chose demande attention.
system-some-failed = Quelque chose est en panne.
system-not-loaded = L’état du système n’a pas pu être demandé
system-daemon = Le service
system-listener = Adresse
system-store = Base de données
system-disk = Disque
system-python = Python
system-packages = Paquets Python
system-catalog = Dossiers de modules
system-stream = Connexions
system-storage = Stockage
system-downloads = Téléchargements de paquets Python
system-files = Fichiers d’avant l’installation
system-other-modules = Autres modules
system-free = { $free } libres sur { $total }
system-measuring = Mesure en cours…
system-taken = Ce qui est occupé
system-versions = Versions
system-kernel = Noyau
system-processor = Processeur
system-node = Machine
system-started = Démarré
system-memory = Mémoire
system-limits = Limites
system-limits-why = Ce qu’un module peut utiliser. Elles sont dans la configuration.
system-unlimited = Aucune limite
system-limit-memory = Mémoire
system-limit-addresses = Espace d’adressage
system-limit-processes = Processus
system-limit-files = Fichiers ouverts
system-limit-ui = Taille de son affichage
system-limit-frames = Mises à jour par seconde
## The page Account
account-title = Compte
account-to-activity = Ce qui s’est passé
account-not-loaded = Les appareils n’ont pas pu être chargés
account-this = Cet appareil
account-others = Autres appareils
account-alone = Aucun autre appareil n’est appairé.
account-connected = Connecté en ce moment
account-paired = Appairé le { $when }
account-seen = vu pour la dernière fois { $ago }
account-name = Nom
account-rename = Renommer
account-rename-of = Renommer { $name }
account-rename-not = Annuler
account-failed = Cela n’a pas fonctionné
account-sign-out = Déconnecter
account-sign-out-this = Déconnecter cet appareil
account-sign-out-of = Déconnecter { $name }
account-sign-out-title = Déconnecter { $name } ?
account-sign-out-question = Pour être utilisé de nouveau, il devra être appairé.
account-keep = Laisser connecté
account-is-signed-out = { $name } est déconnecté.
account-everywhere = Déconnecter partout ailleurs
account-everywhere-title = Déconnecter partout ailleurs ?
account-everywhere-question = { $count ->
    [1] Un autre appareil devra être appairé pour être utilisé de nouveau.
   *[other] { $count } autres appareils devront être appairés pour être utilisés de nouveau.
}
account-are-signed-out = { $count ->
    [1] Un appareil est déconnecté.
   *[other] { $count } appareils sont déconnectés.
}
account-pair = Appairer un autre appareil
account-pair-run = Exécutez `contara pair` sur la machine : cela affiche un lien de connexion et un code.
account-pair-open = Sur l’autre appareil, ouvrez le lien, ou `{ $address }` et saisissez le code. Il est valable une fois, cinq minutes.
account-pair-why = Les codes se créent uniquement sur la machine : qui a l’un des appareils ne peut faire entrer personne.
account-display = Affichage

## The page Activity
activity-title = Activité
activity-kind = Type
activity-all = Tout
activity-sign-ins = Connexions
activity-actions = Actions
activity-not-loaded = Ce qui s’est passé n’a pas pu être chargé
activity-empty = Il ne s’est encore rien passé.
activity-empty-kind = Rien de ce type ne s’est encore passé.
activity-more = En afficher plus
activity-came = { $count ->
    [1] Une entrée de plus
   *[other] { $count } entrées de plus
}
activity-somebody = Quelqu’un qui n’est pas appairé
activity-took = durée : { $time }
activity-times = { $count } fois, la dernière à { $last }
activity-failed = Échec
activity-cancelled = Annulé
activity-refused = Refusé
activity-paired = Connexion depuis { $from }
activity-wrong-code = Code d’appairage erroné depuis { $from }
activity-locked-out = Tentative d’appairage malgré trop de codes erronés
activity-signed-out = Déconnexion
activity-revoked = { $name } : appareil déconnecté
activity-enabled = { $module } : activation
activity-disabled = { $module } : désactivation
activity-ran = { $module } : { $action }
activity-settings = { $module } : paramètres modifiés
activity-begun = { $names } : installation lancée
activity-retried = { $names } : nouvel essai d’installation
activity-setup-cancelled = { $names } : installation annulée
activity-reboot = { $names } : redémarrage de la machine
activity-undone = { $names } : modifications de fichiers annulées

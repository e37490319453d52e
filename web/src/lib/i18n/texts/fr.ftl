### What the client itself says, in French. Keys and variables are listed in texts.ts.

## The choice of the language
language = Langue
language-of-browser = Langue du navigateur

## The page Set up
setup-title = Installer
setup-loading = Chargement…
setup-count = { $configured } sur { $all } configurés
setup-not-loaded = La liste des modules à installer n’a pas pu être chargée
setup-load-again = Recharger
setup-read-only = Rien ne peut être modifié ici
setup-empty = Il n’y a encore rien à installer. Un module d’installation est un dossier avec un fichier desc.json ; placez le vôtre dans le dossier des modules de Contara et il apparaîtra ici.
setup-shown = { $count ->
    [one] { $count } affiché
   *[other] { $count } affichés
}
setup-nothing-like-that = Rien ne correspond.
setup-show-all = Tout afficher

## Its filter
filter-text = Chercher parmi les modules à installer
filter-search = Chercher
filter-section = Section
filter-all-sections = Toutes les sections
filter-state = État
filter-all-states = Tous les états
filter-new = Non configurés
filter-configured = Configurés
filter-trouble = Avec des problèmes

## One module of the list
module-configured = Configuré
module-unusable = Inutilisable
module-needs = Nécessite { $names }
module-restarts = Redémarre la machine à la fin
module-problems = Problèmes de { $name }
module-run = Exécution { $id }
module-details = Détails
module-of = de { $name }
module-links = Liens de { $name }
module-link-of = de { $name }, dans un nouvel onglet
module-see-problems = Ce module est inutilisable : voyez ses problèmes.
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

## Runs
runs-under-way = En cours
runs-last = Dernières exécutions
run-when-by = { $when }, par { $by }
run-queued = En file d’attente
run-running = En cours
run-waiting = Attend votre réponse
run-done = Terminée
run-failed = Échouée
run-cancelled = Annulée
run-interrupted = Interrompue

## Où en est le gestionnaire de paquets
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

### What the client itself says, in English. Keys and variables are listed in texts.ts.

## The choice of the language
language = Language
language-of-browser = Language of the browser

## The page Set up
setup-title = Set up
setup-loading = Loading…
setup-count = { $configured } of { $all } configured
setup-not-loaded = What can be set up could not be loaded
setup-load-again = Load again
setup-read-only = Nothing can be changed here
setup-empty = There is nothing to set up yet. A setup module is a folder with a desc.json; put yours into Contara’s module folder and it appears here.
setup-shown = { $count } shown
setup-nothing-like-that = Nothing is like that.
setup-show-all = Show all

## Its filter
filter-text = Search what can be set up
filter-search = Search
filter-section = Section
filter-all-sections = All sections
filter-state = State
filter-all-states = All states
filter-new = Not configured
filter-configured = Configured
filter-trouble = With problems

## One module of the list
module-configured = Configured
module-unusable = Can’t be used
module-needs = Needs { $names }
module-restarts = Restarts the machine at the end
module-problems = Problems of { $name }
module-run = Run { $id }
module-details = Details
module-of = of { $name }
module-links = Links of { $name }
module-link-of = of { $name }, in a new tab
module-see-problems = It can’t be used: see its problems.
module-with-others = It is set up together with modules that need it.
module-is-configured = It is configured already.
module-conflicts = Conflicts with { $other }, which is { $state ->
    [chosen] chosen
    [needed] needed
   *[configured] configured
}.
module-need-conflicts = Needs { $own }, which conflicts with { $other }, which is { $state ->
    [chosen] chosen
    [needed] needed
   *[configured] configured
}.

## What is chosen
chosen = Chosen modules
chosen-clear = Clear
chosen-review = Review { $count ->
    [one] { $count } module
   *[other] { $count } modules
}
chosen-look-at = Look at { $count ->
    [one] { $count } module
   *[other] { $count } modules
}

## Runs
runs-under-way = Under way
runs-last = Last runs
run-when-by = { $when }, by { $by }
run-queued = Queued
run-running = Running
run-waiting = Waiting for you
run-done = Done
run-failed = Failed
run-cancelled = Cancelled
run-interrupted = Interrupted

## How far the package manager is
progress = Progress of the packages
progress-unnamed = { $total ->
    [0] Downloading packages
   *[other] Downloading package { $number } of { $total }
}
progress-downloading = { $total ->
    [0] Downloading { $package }
   *[other] Downloading { $package }, { $number } of { $total }
}
progress-unpacking = { $total ->
    [0] Unpacking { $package }
   *[other] Unpacking { $package }, { $number } of { $total }
}
progress-installing = { $total ->
    [0] Installing { $package }
   *[other] Installing { $package }, { $number } of { $total }
}
progress-configuring = { $total ->
    [0] Configuring { $package }
   *[other] Configuring { $package }, { $number } of { $total }
}
progress-removing = { $total ->
    [0] Removing { $package }
   *[other] Removing { $package }, { $number } of { $total }
}

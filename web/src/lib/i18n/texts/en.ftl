### What the client itself says, in English. Keys and variables are listed in texts.ts.

## Words that many parts of the page use
loading = Loading…
load-again = Load again
try-again = Try again
show-all = Show all
search = Search
modules = Modules
module = Module
settings = Settings
problems = Problems
warnings = Warnings
errors = Errors
information = Information
packages = Packages
repositories = Repositories
restart = Restart
none = None
by = by { $name }
of = of { $name }
needs = Needs { $names }
colon = :
semicolon = ;
weight-info = Note:
weight-success = Success:
weight-warning = Warning:
weight-error = Error:

## Spans of time and amounts
seconds = { $count } s
minutes = { $count } min
percent = { $count } %
part-of = { $part } of { $whole }
size = { $amount } { $unit }

## The choice of the language
language = Language
language-of-browser = Language of the browser

## The choice of light or dark
theme = Colours
theme-of-system = As the system
theme-light = Light
theme-dark = Dark

## The frame around all pages
skip-to-content = Skip to content
pages = Pages
dashboard = Dashboard
activity = Activity
system = System
account = Account
sign-out = Sign out
page-file-not-loaded = This page could not be loaded
page-file-why = A file of it is missing: the connection may be gone, or Contara was updated.
page-not-found = Page not found
page-nothing-here = There is nothing at this address.
go-to-dashboard = Go to the dashboard
notifications = Notifications
notifications-new = Notifications: { $count } new
notifications-new-errors = Notifications: { $count } new, { $errors ->
    [one] one of them an error
   *[other] { $errors } of them errors
}
notifications-none = Nothing was told since this page was opened.
notifications-clear = Clear all
notifications-activity = What has happened on this machine
notification-dismiss = Dismiss notification
confirm-title = Are you sure?
confirm-yes = Continue
confirm-no = Cancel
confirm-danger-title = { $action }?
confirm-danger = What this does may be impossible to undo.

## The command palette
palette = Search and run
palette-keys = Ctrl K
palette-placeholder = Go to a page, or tell a module what to do
palette-found = Found
palette-page = Page
palette-nothing = Nothing is called that.
palette-more = { $count } more: type to narrow them down
palette-count = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}

## The connection and the server
connection = Connection
connection-connecting = Connecting…
connection-connected = Connected
connection-lost = Connection lost.
connection-retrying = Trying again…
connection-retry = Retry now
connection-data-from = Showing data from { $ago }.
not-connected = Not connected to Contara
unreachable = Contara can’t be reached.
unreachable-at = Contara at { $host } can’t be reached
unreachable-since = Trying again and again since { $time } ({ $ago }).
unreachable-machine = Is the machine on, and does Contara run there?
unreachable-network = Is this device in the same network, or connected to it?
unreachable-address = Has the machine another address by now?
action-lost = The connection was lost before the answer came. What you started may have been done: look before you try again.
server-answered = The server answered { $status }.
server-unreadable = The server’s answer could not be read.
value-refused = This value is not accepted.
problem-unnamed = The module has a problem
remark-unnamed = Something is wrong here
failure-unnamed = Something went wrong

## Signing in
sign-in = Sign in
sign-in-title = Sign in to Contara
sign-in-where = Run `contara pair` on the machine. It prints a link that signs you in, and a code to type here.
sign-in-code = Pairing code
sign-in-hint = A code works once and for five minutes.
sign-in-malformed = A pairing code has 12 characters, 0–9 and A–F, like 3F7A-09C2-B4D1.
sign-in-refused = This code is not valid. It may be mistyped, expired or used already.
sign-in-unreachable = Contara can’t be reached. Check that it is running and that you are on its network, then try again.
signed-out = You were signed out. Pair this browser again to go on.
sign-out-failed = Signing out failed: { $why }

## The dashboard
dashboard-no-tile = No enabled module has a tile
dashboard-none-enabled = No module is enabled
dashboard-no-modules = No modules yet
dashboard-place = What enabled modules show has its place here.
dashboard-how = A module is a folder with a `module.json`. Put yours into Contara’s module folder; the Modules page lists every folder that was found there, and what is wrong with it.
dashboard-enable = Enable modules
dashboard-go = Go to Modules
dashboard-disabled = Disabled: { $count }
tile-nothing = This module shows nothing on the dashboard.
tile-age = As of { $ago }

## Arranging the dashboard
arrange = Arrange
arrange-tiles = Arrange the tiles
arrange-hint = Drag a tile by its bar to move it and by its corner to resize it, or press the bar for buttons.
arrange-keys = Arrow keys move, Shift and arrow keys resize, Enter picks up and puts down, Escape takes back.
arrange-done = Done
arrange-reset = Reset
arrange-reset-title = Reset the arrangement?
arrange-reset-message = All tiles are shown again, in the order and the size that their modules have.
arrange-hidden = Hidden:
arrange-none-shown = All tiles are hidden.
arrange-move = Move { $name }
arrange-hide = Hide { $name }
arrange-show = Show { $name }
arrange-earlier = Earlier
arrange-later = Later
arrange-narrower = Narrower
arrange-wider = Wider
arrange-shorter = Shorter
arrange-taller = Taller
arrange-no-further = Not possible here
arrange-place = { $name }, position { $position } of { $count }, { $columns ->
    [one] { $columns } column
   *[other] { $columns } columns
} wide, { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
} high
arrange-picked-up = Picked up: { $place }
arrange-put-down = Put down: { $place }
arrange-taken-back = Taken back: { $place }
arrange-is-hidden = { $name } is hidden
arrange-is-reset = The arrangement is reset
arrange-not-saved = The arrangement isn’t saved
arrange-elsewhere = The dashboard was arranged in another window meanwhile. Now it is as it is there.

## How a live module is
life-stopped = Stopped
life-starting = Starting…
life-running = Running
life-stopping = Stopping…
life-backoff = Restarting
life-failed = Failed
life-preparing = Installing…
life-blocked = Blocked
life-invalid = Invalid
life-disabled = Disabled
life-trouble = The module stopped working
details-show = Show details
traceback = Traceback
installing = Installing packages…
installing-part = Installing packages… { $done } of { $total }
starting-again = Starting again in { $time }
trying-again = Trying again in { $time }
trying-stopped = Stopped trying
try-again-with = with { $name }

## What a module is asked to do
calls = Running actions
call-cancel = Cancel { $name }
call-over = It had ended already.
call-failed = Action failed
call-not-cancelled = It could not be cancelled
modal-missing-title = Nothing to open
modal-missing = The module asked to open “{ $id }”, which it doesn’t have.
refresh = Refresh
refresh-module = Refresh { $name }
refresh-failed = The module could not be asked
open-module = Open { $name }

## A live module’s own page
page-no-module = There is no module “{ $name }”.
page-all-modules = See all modules
page-not-enabled = { $name } is not enabled.
page-enable = Enable it on the Modules page
page-none = This module has no page to show.
page-not-loaded = The page could not be loaded

## A module’s log
log = Log
log-of = Log of { $name }
log-see = See the log
log-not-loaded = The log could not be loaded
log-filter = Search the log
log-level = Level
log-all-levels = All levels
log-info = Without debug
log-warning = Warnings and errors
log-error = Errors
log-nothing = Nothing was logged yet.
log-none-match = No line matches.
log-found = { $found } of { $all } lines match
log-anew = From here on Contara was started anew.
log-gap = { $count ->
    [one] { $count } line isn’t kept any more.
   *[other] { $count } lines aren’t kept any more.
}

## Its settings
settings-of = Settings of { $name }
settings-title = { $name } settings
settings-none = This module has no settings.
settings-refused = The stored settings were not accepted
settings-not-loaded = The settings could not be loaded
settings-not-saved = The settings were not saved
settings-overtaken-title = Changed elsewhere meanwhile
settings-overtaken = Nothing was saved. Look at what has changed, then save again.
settings-not-json = This is not valid JSON.
settings-lines = One a line.
settings-json = As JSON.
settings-save = Save
settings-reset = Reset
settings-saved = Saved
secret-stored = Stored
secret-to-clear = Will be cleared
secret-keep = Keep
secret-keep-it = Keep { $name }
secret-clear = Clear
secret-clear-it = Clear { $name }

## The page Modules
modules-count = { $enabled } of { $all } enabled
modules-not-loaded = The list of modules could not be loaded
modules-empty = No modules were found. A module is a folder with a `module.json`; put yours into Contara’s module folder and it appears here.
modules-shown = { $shown } of { $all } shown
modules-nothing-like-that = No module is like that.
modules-search = Search modules
modules-category = Category
modules-all-categories = All categories
modules-tag = Tag
modules-all-tags = All tags
modules-tags = Tags
modules-enabled = Enabled
modules-disabled = Disabled
modules-page = Page
modules-failed = That didn’t work
modules-version = Version { $version }
modules-builtin = Built in
modules-community = Community
modules-homepage = Homepage
modules-repository = Repository
modules-network = the network
modules-programs = programs and services { $names }
modules-python = Python packages { $names }
packages-title = Python packages
packages-ready = Ready
packages-failed = Could not be installed
packages-missing = Not installed yet
packages-python = Python version
packages-size = On the disk
packages-folder = Folder
packages-shared = Also used by
modules-enable = Enable
modules-enable-it = Enable { $name }
modules-enabling = Enabling…
modules-enabling-it = Enabling… { $name }
modules-disable = Disable
modules-disable-it = Disable { $name }
modules-disabling = Disabling…
modules-disabling-it = Disabling… { $name }
modules-cannot-run = It can’t run on this machine
modules-has-errors = It has errors: correct them first

## What components of modules say by themselves
part-button = Button
part-box = Box
part-switch = Switch
part-text = Text
part-choice = Choice
part-choices = Choices
part-untitled = Untitled
part-picture = Picture that could not be loaded
part-picture-elsewhere = Picture on { $host }
part-no-data = No data
part-close = Close
part-progress = Progress
part-nothing = Nothing
part-empty = Nothing to show.
part-busy = Busy
part-up = Up:
part-down = Down:
part-unknown = Unknown component “{ $name }”
part-no-type = Component without a type
part-too-deep = Nested too deeply
part-not-drawn = This part could not be drawn
field-changed = Changed elsewhere
field-changed-to = Changed elsewhere to { $value }
field-emptied = Emptied elsewhere
field-take = Take it
field-keep = Keep mine
field-on = on
field-off = off
stories = Components
stories-open = Open: { $name }
table = Table
table-actions = Actions
table-pages = Pages of the table
table-rows = { $from }–{ $to } of { $all }
table-back = Previous page
table-forth = Next page
table-filter = Filter the rows
table-found = { $found ->
    [one] { $found } of { $all } rows matches
   *[other] { $found } of { $all } rows match
}
table-none-found = No row matches.
chart = Line chart
chart-series = Series { $number }
chart-no-data = no data
chart-told = now { $last }, from { $low } to { $high } in { $count } values
chart-named = { $name }: { $told }
chart-read = Read values
chart-place = Value { $number } of { $count }
chart-at = { $when }: { $told }

## The page Set up
setup-title = Set up
setup-count = { $configured } of { $all } configured
setup-not-loaded = What can be set up could not be loaded
setup-read-only = Nothing can be changed here
setup-empty = There is nothing to set up yet. A setup module is a folder with a `desc.json`; put yours into Contara’s module folder and it appears here.
setup-shown = { $count } shown
setup-nothing-like-that = Nothing is like that.
setup-other = Other
setup-see = See what can be set up

## Its filter
filter-text = Search what can be set up
filter-section = Section
filter-all-sections = All sections
filter-state = State
filter-all-states = All states
filter-new = Not configured
filter-configured = Configured
filter-trouble = With problems

## One module of the list
module-configured = Configured
module-not-configured = Not configured
module-unusable = Can’t be used
module-restarts = Restarts the machine at the end
module-problems = Problems of { $name }
module-details = Details
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

## A setup module’s own page
about-needs = Needs
about-conflicts = Conflicts with
about-packages-there = There
about-packages-missing = Not there yet
about-restart = Needed at the end
about-website = Website
about-not-loaded = The module could not be loaded
about-none = There is no setup module “{ $slug }”.
about-under-way = Run { $id } is under way
about-set-up = Set up { $name }
about-reconfigure = Reconfigure
about-reconfigure-it = Reconfigure { $name }
about-history = History
about-never-run = It was never run.
history-answers = Answers
history-answers-changed = Answers, { $count } changed
history-changed = changed
history-undone = , undone by { $by }, { $when }

## A plan under review
plan-title = Review
plan-nothing-chosen = Nothing is chosen.
plan-choose = Choose what to set up
plan-choose-again = Choose again
plan-concerned = Modules: { $names }
plan-go-to-run = Go to run { $id }
plan-changed = The plan has changed since you looked at it
plan-changed-how = This is how it is now. Look at it again, then start.
plan-refused = This can’t be set up together
plan-not-made = The plan could not be made
plan-not-begun = It was not started
plan-making = The plan is being made…
plan-see-problems = It can’t be started: see the problems above.
plan-nothing-to-do = There is nothing to do.
plan-nothing-changed = Nothing has been changed yet.
plan-start = Start
plan-modules = { $count ->
    [one] { $count } module
   *[other] { $count } modules
}
plan-already-configured = Configured already, and left as it is
plan-no-manager = No package manager
plan-manager = With { $manager }
plan-more = Services and more
plan-restart = The machine has to be restarted at the end
plan-restart-asked = You are asked before that.
plan-needed-by = Needed by { $names }
plan-needed = Needed
plan-again = Configured again
plan-asks = Asks for { $labels }
plan-asks-nothing = Asks nothing
plan-script = Runs `{ $script }`
plan-services = Services
plan-ports = Ports
plan-of = `{ $what }` of { $module }
plan-login = , asks for a login
plan-port-used = , in use by { $by }
plan-install = { $count ->
    [one] { $count } package
   *[other] { $count } packages
} to install
plan-upgrade = { $count ->
    [one] { $count } package
   *[other] { $count } packages
} to upgrade
plan-remove = { $count ->
    [one] { $count } package
   *[other] { $count } packages
} to remove
plan-present = { $count ->
    [one] { $count } package
   *[other] { $count } packages
} there already
plan-no-packages = No package is installed, upgraded or removed.
plan-download = { $size } to download
plan-disk = { $size } of disk
plan-disk-freed = { $size } of disk are freed

## Steps of a plan or run
steps = Steps
step-download = Download
step-sign-in = Sign in
step-configure = Configure
step-end = Finish
step-disabled = Not needed
step-todo = To do
step-running = Running
step-done = Done
step-failed = Failed
step-cancelled = Cancelled
step-interrupted = Interrupted

## Runs
run = Run { $id }
runs-under-way = Under way
runs-last = Last runs
run-when-by = { $when }, by { $by }
run-begun = Run { $id }, { $when }
run-begun-by = Run { $id }, begun by { $by }, { $when }
run-queued = Queued
run-running = Running
run-waiting = Waiting for you
run-done = Done
run-failed = Failed
run-cancelled = Cancelled
run-interrupted = Interrupted
run-waits-turn = It waits for its turn.
run-waits-for = It waits for run { $id } to end.
run-script = The script of { $name } is running.
run-under-way = It is under way.
run-wants-sign-in = Sign in to the repositories to go on.
run-wants-answers = Answer the questions to go on.
run-all-done = All is done.
run-has-failed = It failed. What was done stays, and Retry goes on from there.
run-was-cancelled = It was cancelled. What was done stays, and Retry goes on from there.
run-was-interrupted = Contara ended meanwhile. What was done stays, and Retry goes on from there.
run-retry = Retry
run-cancel = Cancel the run
run-cancel-title = Cancel the run?
run-cancel-no = Let it go on
run-cancel-question = What was done so far stays done; what runs now is ended. It can be tried again from there.
run-none = There is no run { $id }.
run-not-loaded = The run could not be loaded
run-question-not-loaded = What it asks could not be loaded
run-not-retried = It could not be tried again
run-not-cancelled = It could not be cancelled
run-not-restarted = The machine could not be restarted
run-answers-refused = The answers were not taken
run-sign-in-failed = Signing in failed
run-where = Where to find it
run-no-script = No script
run-needed-by-another = Needed by another

## What a run printed
output = Output
output-download = Download
output-lines = Lines
output-nothing = Nothing was printed yet.
output-follow = Follow the end
output-count = { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
output-command = Command:
output-info = Info
output-warning = Warning
output-error = Error
summary = Summary
summary-of = Summary of { $name }

## Why a run failed
failure-step = Step
failure-command = Command
failure-exit = Ended with
failure-lines = Its last lines

## The restart of the machine
restart-title = Restart the machine?
restart-yes = Restart
restart-no = Not now
restart-question = The machine will be restarted: all that it does is interrupted, for everybody. You can call it off during a short countdown.
restart-needed = The machine has to be restarted before all of this works.
restart-now = Restart the machine
restart-soon = The machine restarts soon.
restart-in = In { $time }
restart-call-off = Call it off
restart-going = The machine is restarting. This page connects again by itself once it is back.

## What a run did to files
files = Files
files-count = { $count ->
    [one] { $count } file or folder
   *[other] { $count } files and folders
}
files-not-loaded = The files could not be loaded
files-unknown = It isn’t known what { $names } did to files.
files-undone = Undone by { $by }, { $when }.
files-undo-broken = An undo was broken off. Undo it again to put the rest back.
files-left = Some aren’t as they were
files-undo = Undo
files-undo-title = Undo what this run did to files?
files-undo-question = The files of this run are put back as they were before it.
files-undo-no = Leave as it is
files-undo-failed = It could not be undone
files-overwrite-title = Overwrite newer changes?
files-overwrite-yes = Overwrite
files-overwrite-question = Changed since the run: { $paths }. They will be overwritten with what they were before it.
files-packages-stay = Packages stay as they are: { $names }.
files-services-stay = Services stay as they are: { $names }.
files-mode = mode { $before } → { $after }
files-owner = owner { $before } → { $after }
files-created = Created
files-changed = Changed
files-deleted = Deleted
files-created-count = { $count ->
    [one] { $count } file created
   *[other] { $count } files created
}
files-changed-count = { $count ->
    [one] { $count } file changed
   *[other] { $count } files changed
}
files-deleted-count = { $count ->
    [one] { $count } file deleted
   *[other] { $count } files deleted
}
files-changed-more = { $count } changed
files-deleted-more = { $count } deleted
files-difference = Difference
files-difference-of = Difference of { $path }
files-no-difference = There is no difference.
files-difference-cut = The rest is left out.

## The questions of a run
questions = Questions
questions-configure = Configure
questions-faults = What has to be changed
questions-faults-title = Some answers have to be changed
questions-required = has to be answered
questions-remove = Remove { $label } { $number }
questions-add = Add
questions-add-to = to { $label }
questions-address = address
questions-mask = mask
questions-yes = Yes
questions-no = No
questions-set = Set
questions-not-set = Not set
password-stays = It is set, and stays as it is.
password-change = Change
password-change-it = Change { $label }
password-show = Show { $label }
password-hide = Hide { $label }
password-again = { $label }, again
password-keep = Keep it as it is
password-keep-it = Keep it as it is { $label }
repositories-sign-in = Sign in to repositories
repositories-login = Login
repositories-password = Password

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

## How the system is
system-health = Health
system-well = well
system-attention = needs attention
system-failed = has failed
system-all-well = All is well.
system-some-attention = Something needs attention.
system-some-failed = Something has failed.
system-not-loaded = The state of the system could not be loaded
system-daemon = The daemon
system-listener = Address
system-store = Database
system-disk = Disk
system-python = Python
system-packages = Python packages
system-catalog = Module folders
system-stream = Connections
system-storage = Storage
system-downloads = Downloads of Python packages
system-files = Files before set-up
system-other-modules = Other modules
system-free = { $free } free of { $total }
system-measuring = Being measured…
system-taken = What is taken
system-versions = Versions
system-kernel = Kernel
system-processor = Processor
system-node = Machine
system-started = Started
system-memory = Memory
system-limits = Limits
system-limits-why = What one module may use. They are set in the configuration.
system-unlimited = No limit
system-limit-memory = Memory
system-limit-addresses = Address space
system-limit-processes = Processes
system-limit-files = Open files
system-limit-ui = Size of its UI
system-limit-frames = Updates a second
## The page Account
account-title = Account
account-to-activity = What has happened
account-not-loaded = The devices could not be loaded
account-this = This device
account-others = Other devices
account-alone = No other device is paired.
account-connected = Connected now
account-paired = Paired { $when }
account-seen = last seen { $ago }
account-name = Name
account-rename = Rename
account-rename-of = Rename { $name }
account-rename-not = Cancel
account-failed = That didn’t work
account-sign-out = Sign out
account-sign-out-this = Sign out this device
account-sign-out-of = Sign out { $name }
account-sign-out-title = Sign out { $name }?
account-sign-out-question = To be used again, it has to be paired anew.
account-keep = Leave signed in
account-is-signed-out = { $name } is signed out.
account-everywhere = Sign out everywhere else
account-everywhere-title = Sign out everywhere else?
account-everywhere-question = { $count ->
    [1] One other device has to be paired anew to be used again.
   *[other] { $count } other devices have to be paired anew to be used again.
}
account-are-signed-out = { $count ->
    [1] One device is signed out.
   *[other] { $count } devices are signed out.
}
account-pair = Pair another device
account-pair-run = Run `contara pair` on the machine. It prints a link that signs in, and a code.
account-pair-open = Open the link on the other device, or `{ $address }` and type the code. It works once, for five minutes.
account-pair-why = Codes are made on the machine only: who has one of the devices can’t let others in.
account-display = Display

## The page Activity
activity-title = Activity
activity-kind = Kind
activity-all = Everything
activity-sign-ins = Sign-ins
activity-actions = Actions
activity-not-loaded = What has happened could not be loaded
activity-empty = Nothing has happened yet.
activity-empty-kind = Nothing of this kind has happened yet.
activity-more = Show more
activity-came = { $count ->
    [1] One more entry
   *[other] { $count } more entries
}
activity-somebody = Somebody who isn’t paired
activity-took = took { $time }
activity-times = { $count } times, last at { $last }
activity-failed = Failed
activity-cancelled = Cancelled
activity-refused = Refused
activity-paired = Signed in from { $from }
activity-wrong-code = Wrong pairing code from { $from }
activity-locked-out = Pairing tried in spite of too many wrong codes
activity-signed-out = Signed out
activity-revoked = Signed { $name } out
activity-enabled = Enabled { $module }
activity-disabled = Disabled { $module }
activity-ran = { $module }: { $action }
activity-settings = Changed the settings of { $module }
activity-begun = Began to set up { $names }
activity-retried = Tried again to set up { $names }
activity-setup-cancelled = Cancelled setting up { $names }
activity-reboot = Restarted the machine for { $names }
activity-undone = Took back what setting up { $names } did to files

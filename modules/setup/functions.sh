# shellcheck shell=bash
# Contara's functions for setup scripts. Contara keeps this file up to date: remove this line before you change anything.
#
# Scripts read it with ". ../functions.sh". What they print for people begins with a level: 1 warning, 2 error, 7 information, 8 the
# same in bold; 0 is for the log only. Variables that scripts may use are in capitals. CONTARA_SYSTEM_ROOT is empty but in tests.

CONTARA_SYSTEM_ROOT=${CONTARA_SYSTEM_ROOT:-}

# info_b TEXT...: an information in bold.
info_b() { printf '8%s\n' "$*"; }

# info TEXT...: an information.
info() { printf '7%s\n' "$*"; }

# error TEXT...: an error. The script goes on: it has to exit itself.
error() { printf '2%s\n' "$*"; }

# warning TEXT...: a warning.
warning() { printf '1%s\n' "$*"; }

# Gives a result: printed for $(function), and kept out of the log when a script calls the function for the variable that it sets.
contara_give() {
    if [ "$BASH_SUBSHELL" -gt 0 ]; then
        printf '%s\n' "$1"
    fi
}

# check_root: exits with 1 if the script doesn't run as root. Sets HOST (short), DOMAIN, FQDN, and SERVER, which is the FQDN.
check_root() {
    if [ "$(id -u)" -ne 0 ]; then
        error "This script has to be run as root."
        exit 1
    fi
    HOST=$(hostname -s 2>/dev/null) || HOST=$(uname -n)
    HOST=${HOST%%.*}
    FQDN=$(hostname -f 2>/dev/null) || FQDN=$HOST
    FQDN=${FQDN:-$HOST}
    case $FQDN in
        *.*) DOMAIN=${FQDN#*.} ;;
        *) DOMAIN= ;;
    esac
    # shellcheck disable=SC2034 # Scripts use it.
    SERVER=$FQDN
}

# contara_ini FILE KEY: the value of the first "KEY = value" of a file.
contara_ini() {
    sed -n "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*//p" "$1" | sed -e 's/[[:space:]]*$//' -e q
}

# check_mmc_configured: exits with 1 if the MMC agent has no directory yet. Sets MDSSERVER, the directory's host, MDSSUFFIX, its suffix
# without blanks, MDSPASS, its administrator's password, and MDSPASS_E, the same for a replacement in sed.
check_mmc_configured() {
    local ini=$CONTARA_SYSTEM_ROOT/etc/mmc/plugins/base.ini url
    MDSSUFFIX=
    if [ -r "$ini" ]; then
        MDSSUFFIX=$(contara_ini "$ini" baseDN | tr -d '[:blank:]')
    fi
    if [ -z "$MDSSUFFIX" ]; then
        error "The Mandriva Management Console has to be configured first."
        exit 1
    fi
    url=$(contara_ini "$ini" ldapurl)
    if [ -n "$url" ]; then
        MDSSERVER=${url#*://}
        MDSSERVER=${MDSSERVER%%[:/]*}
    else
        MDSSERVER=$(contara_ini "$ini" host)
    fi
    # shellcheck disable=SC2034 # Scripts use it.
    MDSSERVER=${MDSSERVER:-127.0.0.1}
    MDSPASS=$(contara_ini "$ini" password)
    # shellcheck disable=SC2034 # Scripts use it.
    MDSPASS_E=$(escape_sed "$MDSPASS")
}

# make_temp: makes an empty file that only root can read. Sets TEMP and TMPFILE to its name, and gives it.
make_temp() {
    TMPFILE=$(mktemp "${TMPDIR:-/tmp}/setup.XXXXXXXXXX") || exit 1
    # shellcheck disable=SC2034 # Scripts use it.
    TEMP=$TMPFILE
    contara_give "$TMPFILE"
}

# calc_suffix [DOMAIN]: the directory's suffix for a domain, DOMAIN without one: dc=example,dc=com for example.com. Sets SUFFIX, and
# gives it.
calc_suffix() {
    local domain=${1:-${DOMAIN:-}}
    SUFFIX=
    if [ -n "$domain" ]; then
        SUFFIX=dc=${domain//./,dc=}
    fi
    contara_give "$SUFFIX"
}

# mybackup FILE: copies a file or folder beside itself, with the time in its name. One that isn't there needs no copy.
mybackup() {
    local copy
    [ -e "$1" ] || return 0
    copy=${1%/}.$(date +%Y%m%d-%H%M%S)
    # Within one second the first copy counts: it is the older state.
    [ -e "$copy" ] || cp -a -- "$1" "$copy"
}

# backup FILE...: the same for each of them.
backup() {
    local file
    for file in "$@"; do
        mybackup "$file" || return 1
    done
}

# clean_database [FOLDER]: empties the directory's database, /var/lib/ldap without one. DB_CONFIG stays; the rest is moved beside the
# folder, with the time in its name. Stop the service first.
clean_database() {
    local folder=${1:-$CONTARA_SYSTEM_ROOT/var/lib/ldap} old
    [ -d "$folder" ] || return 0
    folder=${folder%/}
    old=$(mktemp -d "$folder.$(date +%Y%m%d-%H%M%S).XXXXXX") || return 1
    find "$folder" -mindepth 1 -maxdepth 1 ! -name DB_CONFIG -exec mv -t "$old" -- {} +
}

# mysql_prepare: makes the files that the other functions use. Nobody else can read them.
mysql_prepare() {
    MYSQL_CONFIG=$(mktemp "${TMPDIR:-/tmp}/setup.XXXXXXXXXX") || exit 1
    MYSQL_COMMAND=$(mktemp "${TMPDIR:-/tmp}/setup.XXXXXXXXXX") || exit 1
    rootpass=${rootpass:-}
}

# mysql_basic_single_escape TEXT: the text as it is written between single quotes in SQL and in MySQL's configuration.
mysql_basic_single_escape() {
    local text=${1//\\/\\\\}
    printf '%s\n' "${text//\'/\\\'}"
}

# mysql_make_config: has the client sign in as root with the password in rootpass.
mysql_make_config() {
    printf "[client]\nuser=root\npassword='%s'\n" "$(mysql_basic_single_escape "${rootpass:-}")" > "$MYSQL_CONFIG"
}

# mysql_do_query SQL: runs statements as root, and prints what they answer. Returns what the client does.
mysql_do_query() {
    printf '%s\n' "$1" > "$MYSQL_COMMAND"
    mysql --defaults-file="$MYSQL_CONFIG" < "$MYSQL_COMMAND"
}

# mysql_get_root_password [PASSWORD]: finds out root's password: this one, or none, as a new server has it. Sets rootpass and hadpass
# (1 if there is one). Prints an error and returns 1 if neither is right.
mysql_get_root_password() {
    local try
    for try in "${1:-}" ""; do
        rootpass=$try
        mysql_make_config
        if mysql_do_query "" > /dev/null 2>&1; then
            # shellcheck disable=SC2034 # Scripts use it.
            if [ -n "$try" ]; then hadpass=1; else hadpass=0; fi
            return 0
        fi
    done
    error "MySQL doesn't let root in with this password."
    return 1
}

# mysql_cleanup: removes the files, and forgets the password.
mysql_cleanup() {
    rm -f -- "${MYSQL_CONFIG:-}" "${MYSQL_COMMAND:-}"
    rootpass=
}

# contara_service ACTION NAME: by systemd where it runs, else by the service's script.
contara_service() {
    if [ -d "$CONTARA_SYSTEM_ROOT/run/systemd/system" ]; then
        systemctl "$1" "$2"
    else
        service "$2" "$1"
    fi
}

# contara_act ACTION NAME LOG DONE FAILED: acts on a service and says that it is done; or that it failed, as an error with the end of its
# log, and exits with 1.
contara_act() {
    if contara_service "$1" "$2"; then
        printf '0%s\n' "$4"
        return 0
    fi
    if [ -z "$3" ]; then
        error "$5"
    else
        error "$5" $"See $3."
        if [ -f "$3" ] && [ -r "$3" ]; then
            tail -n 10 -- "$3" | sed 's/^/0/'
        fi
    fi
    exit 1
}

# restart_service NAME [LOG]: restarts a service, or starts it. If that fails: an error that names the log, and exit 1.
restart_service() {
    contara_act restart "$1" "${2:-}" $"The service $1 was restarted." $"The service $1 could not be restarted."
}

# stop_service NAME [LOG]: stops a service. If that fails: an error that names the log, and exit 1.
stop_service() {
    contara_act stop "$1" "${2:-}" $"The service $1 was stopped." $"The service $1 could not be stopped."
}

# enable_service NAME: has it started with the machine from now on. Returns whether that was possible.
enable_service() {
    if [ -d "$CONTARA_SYSTEM_ROOT/run/systemd/system" ]; then
        systemctl enable "$1"
    elif command -v chkconfig > /dev/null; then
        chkconfig "$1" on
    else
        update-rc.d "$1" enable
    fi
}

# disable_service NAME: has it no longer started with the machine. Returns whether that was possible.
disable_service() {
    if [ -d "$CONTARA_SYSTEM_ROOT/run/systemd/system" ]; then
        systemctl disable "$1"
    elif command -v chkconfig > /dev/null; then
        chkconfig "$1" off
    else
        update-rc.d "$1" disable
    fi
}

# escape_sed [TEXT]: the text, or standard input without one, as it is written in the replacement of sed's s/…/…/.
escape_sed() {
    if [ $# -gt 0 ]; then
        printf '%s\n' "$*"
    else
        cat
    fi | sed 's/[\/&]/\\&/g'
}

# add_schema FILE...: gives the directory server a schema: copies it, and includes it after the others, once. Restart the server then.
add_schema() {
    local file folder name line
    folder=$CONTARA_SYSTEM_ROOT/etc/openldap
    [ -d "$folder" ] || folder=$CONTARA_SYSTEM_ROOT/etc/ldap
    if [ ! -f "$folder/slapd.conf" ]; then
        error "The directory server has no $folder/slapd.conf that a schema could be added to."
        return 1
    fi
    for file in "$@"; do
        name=$(basename -- "$file")
        mkdir -p "$folder/schema"
        if ! [ "$file" -ef "$folder/schema/$name" ]; then
            cp -- "$file" "$folder/schema/$name" || return 1
        fi
        line="include $folder/schema/$name"
        contara_include "$folder/slapd.conf" "$line" || return 1
    done
}

# contara_include FILE LINE: adds a line after the last "include", or as the first one; not if it is there.
contara_include() {
    local new
    grep -qE "^[[:space:]]*include[[:space:]].*/${2##*/}[[:space:]]*$" "$1" && return 0
    new=$(mktemp "$1.XXXXXX") || return 1
    LINE=$2 awk '
        { lines[NR] = $0 }
        /^[ \t]*include[ \t]/ { last = NR }
        END {
            if (!last) print ENVIRON["LINE"]
            for (i = 1; i <= NR; i++) {
                print lines[i]
                if (i == last) print ENVIRON["LINE"]
            }
        }' "$1" > "$new"
    # Its owner and mode stay.
    cat "$new" > "$1" && rm -f -- "$new"
}

# https_redirect PATH [FILE]: has Apache send who asks for this path without encryption to the encrypted one. The rule is added to the
# file, once; without one to a file of its own.
https_redirect() {
    local path=${1#/} file=${2:-} folder
    if [ -z "$file" ]; then
        for folder in httpd/conf/webapps.d httpd/conf.d apache2/conf-enabled; do
            [ -d "$CONTARA_SYSTEM_ROOT/etc/$folder" ] && break
        done
        file=$CONTARA_SYSTEM_ROOT/etc/$folder/${path//\//-}-https.conf
    fi
    grep -qsF "# https_redirect /$path" "$file" && return 0
    cat >> "$file" << EOF
# https_redirect /$path
<IfModule mod_rewrite.c>
    RewriteEngine On
    RewriteCond %{HTTPS} !=on
    RewriteRule ^/$path(.*)\$ https://%{SERVER_NAME}/$path\$1 [R,L]
</IfModule>
EOF
}

# handle64bits FILE...: on a machine that has /usr/lib64 has these files name that instead of /usr/lib.
handle64bits() {
    [ -d "$CONTARA_SYSTEM_ROOT/usr/lib64" ] || return 0
    case $(uname -m) in
        *64) sed -i 's!/usr/lib/!/usr/lib64/!g' -- "$@" ;;
    esac
}

# replace FROM TO [--] FILE...: puts one text in another's place, everywhere in these files. Texts mean themselves.
replace() {
    local from=$1 to=$2 file
    shift 2
    [ "${1:-}" != -- ] || shift
    for file in "$@"; do
        contara_replace "$from" "$to" "$file" || return 1
    done
}

# By bash alone, so that no list of processes shows the texts.
contara_replace() {
    local content
    # The mark keeps line feeds at the end.
    content=$(cat -- "$3" && printf x) || return 1
    content=${content%x}
    [ -n "$1" ] || return 0
    printf '%s' "${content//"$1"/"$2"}" > "$3"
}

# randpass [LENGTH]: gives a password of letters and digits, 16 without a length. (A second argument, for other characters, is ignored.)
randpass() {
    local length=${1:-16} password=
    while [ "${#password}" -lt "$length" ]; do
        password=$password$(head -c 256 /dev/urandom | LC_ALL=C tr -cd '[:alnum:]')
    done
    printf '%s\n' "${password:0:$length}"
}

# contara_block FILE: the lines of Contara's block in a file.
contara_block() {
    sed -e '0,/^# BEGIN Contara /d' -e '/^# END Contara$/,$d' -- "$1"
}

# contara_with_block FILE PLACE BEGIN TEXT: the file with this block in place of its own, else as the first or the last lines.
contara_with_block() {
    BEGIN=$3 TEXT=$4 PLACE=$2 awk '
        function block() { print ENVIRON["BEGIN"]; print ENVIRON["TEXT"]; print "# END Contara"; done = 1 }
        BEGIN { if (ENVIRON["PLACE"] == "first") block() }
        /^# BEGIN Contara / && ENVIRON["PLACE"] == "there" && !done { block(); skip = 1 }
        !skip { print }
        /^# END Contara$/ { skip = 0 }
        END { if (ENVIRON["PLACE"] == "last") block() }' "$1"
}

# put_block FILE [first]: makes standard input a block in a configuration file, between two lines that mark it: its last lines, or its
# first ones, or where the block is already. The other lines stay as they are; a file that isn't there is made. A block that somebody
# has changed by hand stays, too: a warning says so, what it would be is written beside the file as FILE.contara-new, and the
# difference is in the log. Sets PUT to changed, same or kept, which a pipe would lose: give it a here-document.
put_block() {
    local file=$1 place=${2:-last} text sum old begin new
    text=$(cat)
    sum=$(printf '%s\n' "$text" | sha256sum | cut -c 1-16)
    begin="# BEGIN Contara $sum: what is changed by hand up to the end is kept as it is."
    new=$file.contara-new
    PUT=changed
    if grep -qs '^# BEGIN Contara ' "$file"; then
        place=there
        old=$(contara_block "$file")
        # Sums of blocks tell those of Contara from those that were changed since.
        case $(grep -m 1 '^# BEGIN Contara ' "$file") in
            *" $(printf '%s\n' "$old" | sha256sum | cut -c 1-16):"*) ;;
            *) PUT=kept ;;
        esac
        [ "$old" != "$text" ] || PUT=same
    fi
    case $PUT in
        same)
            rm -f -- "$new"
            return 0
            ;;
        kept)
            contara_with_block "$file" "$place" "$begin" "$text" > "$new" || return 1
            warning $"$file was changed by hand and is kept as it is. What Contara would write is in $file.contara-new."
            diff -u -- "$file" "$new" | sed 's/^/0/'
            return 0
            ;;
    esac
    [ -e "$file" ] || install -m 644 /dev/null "$file" || return 1
    contara_with_block "$file" "$place" "$begin" "$text" > "$new" || return 1
    # Its owner and mode stay.
    cat -- "$new" > "$file" && rm -f -- "$new"
}

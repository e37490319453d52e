#!/bin/bash
# Installs nothing: the packages are there. Makes the server, its settings, the user and the database, and signs in as a client.
# shellcheck source=modules/setup/functions.sh
. ../functions.sh
check_root

database=$1
owner=$2
password=$3
networks=$4
connections=$5
memory=$6
unchanged="(unchanged)"

# find_server: sets folder, of the configuration, port, and log; makes the server if there is none.
find_server() {
    local version cluster data
    if command -v pg_lsclusters > /dev/null; then
        if ! pg_lsclusters --no-header | grep -q '[[:blank:]]main[[:blank:]]'; then
            version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | tail -n 1)
            pg_createcluster "$version" main || return 1
        fi
        read -r version cluster port _ _ data log < <(pg_lsclusters --no-header | awk '$2 == "main"' | sort -n | tail -n 1)
        folder=/etc/postgresql/$version/$cluster
    else
        data=/var/lib/pgsql/data
        [ -s "$data/PG_VERSION" ] || postgresql-setup --initdb || return 1
        folder=$data
        port=$(sed -n 's/^[[:space:]]*port[[:space:]]*=[[:space:]]*\([0-9]*\).*/\1/p' "$folder/postgresql.conf" | tail -n 1)
        log=$data/log
    fi
    port=${port:-5432}
}

# administer: runs SQL from standard input as PostgreSQL's administrator.
administer() {
    runuser -u postgres -- env --chdir=/ \
        psql -XqtA -v ON_ERROR_STOP=1 -v database="$database" -v owner="$owner" -p "$port" -d postgres
}

# answers: whether the server does.
answers() { pg_isready -q -h 127.0.0.1 -p "$port"; }

# write_settings: sets restart if the server has to be restarted for them.
write_settings() {
    local listen=localhost
    [ -z "$networks" ] || listen='*'
    restart=
    mkdir -p "$folder/conf.d" && chown --reference="$folder/postgresql.conf" "$folder/conf.d" || return 1
    if ! grep -Eq "^[[:space:]]*include_dir[[:space:]]*=?[[:space:]]*'conf.d'" "$folder/postgresql.conf"; then
        put_block "$folder/postgresql.conf" <<< "include_dir = 'conf.d'" || return 1
        [ "$PUT" != changed ] || restart=yes
    fi
    put_block "$settings" << EOF || return 1
listen_addresses = '$listen'
max_connections = $connections
shared_buffers = ${memory}MB
password_encryption = 'scram-sha-256'
EOF
    chown --reference="$folder/postgresql.conf" "$settings"
    [ "$PUT" != changed ] || restart=yes
}

# write_rules: who may sign in from where. They come first, since the first one that fits counts.
write_rules() {
    local net rules=
    for net in 127.0.0.1/32 ::1/128 $networks; do
        case $net in */*) ;; *) net=$net/32 ;; esac
        rules+="host \"$database\" \"$owner\" $net scram-sha-256"$'\n'
    done
    put_block "$folder/pg_hba.conf" first <<< "${rules%$'\n'}" || return 1
    [ "$PUT" != changed ] || reload=yes
}

# start_server: has it run, with the settings, and waits for it.
start_server() {
    local tries=0
    enable_service postgresql > /dev/null 2>&1 || warning $"PostgreSQL isn't started with the machine."
    if [ -n "$restart" ] || ! answers; then
        restart_service postgresql "$log"
    elif [ -n "$reload" ]; then
        echo "SELECT pg_reload_conf();" | administer > /dev/null
    fi
    until answers; do
        tries=$((tries + 1))
        if [ "$tries" -gt 60 ]; then
            error $"PostgreSQL doesn't answer on port $port. Its log is $log; its settings are in $settings."
            [ ! -f "$log" ] || tail -n 10 -- "$log" | sed 's/^/0/'
            exit 1
        fi
        sleep 0.5
    done
}

# say_other_settings: what other files say of the same settings, as people have written it there.
say_other_settings() {
    local name value file line later
    while IFS='|' read -r name value file line later; do
        if [ "$later" = t ]; then
            warning $"$name = $value counts, which stands in line $line of $file, and not what is in $settings."
        else
            info $"$name = $value in line $line of $file was kept, but $settings comes later and counts."
        fi
    done < <(administer << EOF
SELECT f.name, f.setting, f.sourcefile, f.sourceline, f.seqno > o.seqno FROM pg_file_settings f JOIN pg_file_settings o USING (name)
WHERE f.sourcefile <> '$settings' AND o.sourcefile = '$settings' AND o.setting <> f.setting
    AND (f.name, f.setting) NOT IN (('max_connections', '100'), ('shared_buffers', '128MB'))
ORDER BY f.seqno;
EOF
    )
}

# make_owner: the user, its password and its database. What is there already stays.
make_owner() {
    administer << 'EOF' || return 1
SELECT format('CREATE ROLE %I LOGIN', :'owner') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
SELECT format('CREATE DATABASE %I OWNER %I ENCODING ''UTF8'' TEMPLATE template0', :'database', :'owner')
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
EOF
    if [ "$password" = "$unchanged" ] || signs_in; then
        return 0
    fi
    # The server's log must not have the statement, whatever it is told to write there.
    administer << EOF
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';
ALTER ROLE :"owner" LOGIN PASSWORD '${password//\'/\'\'}';
EOF
}

# signs_in: whether a client gets in by TCP with the password. psql reads it from a file that only root can read.
signs_in() {
    local field=${password//\\/\\\\} status
    make_temp
    printf '*:*:*:*:%s\n' "${field//:/\\:}" > "$TMPFILE"
    PGPASSFILE=$TMPFILE psql -Xqw -h 127.0.0.1 -p "$port" -U "$owner" -d "$database" -c 'SELECT 1' > /dev/null 2>&1
    status=$?
    rm -f -- "$TMPFILE"
    return "$status"
}

# probe: signs in, or exits with 1.
probe() {
    if [ "$password" = "$unchanged" ]; then
        info $"The password stays as it was."
    elif signs_in; then
        info $"A client has signed in to $database as $owner."
    else
        error $"PostgreSQL runs, but $owner can't sign in to $database. See $log and $folder/pg_hba.conf."
        exit 1
    fi
}

reload=
if ! find_server; then
    error $"There is no PostgreSQL server, and none could be made."
    exit 1
fi
settings=$folder/conf.d/contara.conf
if ! write_settings || ! write_rules; then
    error $"The settings in $folder couldn't be written."
    exit 1
fi
start_server
if ! make_owner; then
    error $"The user $owner and the database $database couldn't be made."
    exit 1
fi
probe
say_other_settings
info_b $"PostgreSQL answers on port $port. Connect with:"" psql -h @HOSTNAME@ -p $port -U $owner $database"
if [ -n "$networks" ]; then
    info $"These networks may connect, and this machine:"" $networks"
    if firewall-cmd --state > /dev/null 2>&1; then
        warning $"This machine has a firewall. It lets clients in after:"" firewall-cmd --permanent --add-service=postgresql && firewall-cmd --reload"
    fi
else
    info $"Only this machine may connect."
fi
info $"Settings:"" $settings"

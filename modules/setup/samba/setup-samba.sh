#!/bin/bash
# Installs nothing: the packages are there. Makes the user and the folder, shares it in a file of our own that smb.conf includes, and
# looks at it as a client.
# shellcheck source=modules/setup/functions.sh
. ../functions.sh
check_root

workgroup=$1
share=$2
folder=$3
user=$4
password=$5
guests=$6
networks=$7
unchanged="(unchanged)"

main=/etc/samba/smb.conf
settings=/etc/samba/contara.conf
service=smbd
[ -x /etc/init.d/smbd ] || [ -e /usr/lib/systemd/system/smbd.service ] || service=smb

# answers: whether the server does.
answers() { smbclient --no-pass --list 127.0.0.1 > /dev/null 2>&1; }

# make_user: a user who can't sign in otherwise, unless there is one already.
make_user() {
    if ! id "$user" > /dev/null 2>&1; then
        useradd --system --user-group --no-create-home --home-dir "$folder" --shell /usr/sbin/nologin "$user" || return 1
    fi
}

# make_folder: the user's. The rights of one that is somebody else's are left as they are.
make_folder() {
    local mode=2770
    [ "$guests" != on ] || mode=2775
    if [ ! -d "$folder" ]; then
        mkdir -p "$folder" && chown "$user:" "$folder" || return 1
        [ "$(getenforce 2> /dev/null)" != Enforcing ] || chcon -t samba_share_t "$folder"
    fi
    if [ "$(stat -c %U "$folder")" = "$user" ]; then
        chmod "$mode" "$folder"
    elif ! runuser -u "$user" -- test -w "$folder"; then
        warning $"$user can't write to $folder, whose rights were left as they are."
    fi
}

# write_settings: sets restart if the server has to be restarted for them.
write_settings() {
    local allowed="" guest_ok=no unknown=""
    [ -z "$networks" ] || allowed="    hosts allow = 127.0.0.1 ::1 $networks"$'\n'
    if [ "$guests" = on ]; then
        guest_ok=yes
        unknown="    map to guest = Bad User"$'\n'
    fi
    restart=
    put_block "$settings" << EOF || return 1
[global]
    workgroup = $workgroup
${unknown}[$share]
    path = $folder
    read only = yes
    write list = $user
    guest ok = $guest_ok
${allowed}    create mask = 0664
    directory mask = 2775
EOF
    [ "$PUT" != changed ] || restart=yes
    put_block "$main" <<< "include = $settings" || return 1
    [ "$PUT" != changed ] || restart=yes
}

# start_server: has it run, with the settings, and waits for it.
start_server() {
    local tries=0
    enable_service "$service" > /dev/null 2>&1 || warning $"Samba isn't started with the machine."
    if [ -n "$restart" ] || ! answers; then
        restart_service "$service" /var/log/samba/log.smbd
    fi
    until answers; do
        tries=$((tries + 1))
        if [ "$tries" -gt 60 ]; then
            error $"Samba doesn't answer. Its log is in /var/log/samba; its settings are in $settings."
            exit 1
        fi
        sleep 0.5
    done
}

# set_password: only if it isn't the user's already. Programs get it from standard input, so that no list of processes shows it.
set_password() {
    if [ "$password" = "$unchanged" ] || signs_in; then
        return 0
    fi
    printf '%s\n%s\n' "$password" "$password" | smbpasswd -s -a "$user" > /dev/null
}

# signs_in: whether a client sees the folder with the password, which an authentication file would take the blanks off.
signs_in() {
    PASSWD_FD=3 smbclient --user="$user" "//127.0.0.1/$share" --command=ls 3< <(printf '%s\n' "$password") > /dev/null 2>&1
}

# probe: looks as a client, or exits with 1.
probe() {
    if [ "$password" = "$unchanged" ]; then
        info $"The password stays as it was."
    elif signs_in; then
        info $"A client has signed in to $share as $user."
    else
        error $"Samba runs, but $user can't sign in to $share. See /var/log/samba and $settings."
        exit 1
    fi
}

# say_other_settings: what smb.conf says of the same settings, as people have written it there.
say_other_settings() {
    local other
    other=$(sed -n 's/^[[:space:]]*workgroup[[:space:]]*=[[:space:]]*//p' "$main" | tail -n 1)
    if [ -n "$other" ] && [ "${other,,}" != "${workgroup,,}" ]; then
        info $"The workgroup $other in $main was kept, but $settings comes later and counts."
    fi
}

if ! make_user || ! make_folder; then
    error $"The user $user or the folder $folder couldn't be made."
    exit 1
fi
if ! write_settings; then
    error $"The settings in /etc/samba couldn't be written."
    exit 1
fi
if ! testparm --suppress-prompt "$main" > /dev/null 2>&1; then
    error $"Samba can't read its settings. Look at what is wrong with:"" testparm $main"
    exit 1
fi
start_server
if ! set_password; then
    error $"The password of $user couldn't be set."
    exit 1
fi
probe
say_other_settings
info_b $"The folder $folder is in the network. Connect with:"" \\\\@HOSTNAME@\\$share (Windows), smb://@HOSTNAME@/$share (macOS, Linux)"
info $"Sign in as:"" $user"
[ "$guests" != on ] || info $"Everybody may read it without a password."
[ -z "$networks" ] || info $"These networks may connect, and this machine:"" $networks"
if firewall-cmd --state > /dev/null 2>&1; then
    warning $"This machine has a firewall. It lets clients in after:"" firewall-cmd --permanent --add-service=samba && firewall-cmd --reload"
fi
info $"Settings:"" $settings"

#!/bin/bash
# Installs nothing: the packages are there. Exports a folder by a file of our own in /etc/exports.d, and mounts it as a client.
# shellcheck source=modules/setup/functions.sh
. ../functions.sh
check_root

folder=$1
networks=$2
access=$3
squash=$4

settings=/etc/exports.d/contara.exports
service=nfs-server
[ ! -x /etc/init.d/nfs-kernel-server ] || service=nfs-kernel-server

# need_kernel: exits with 1, before anything is changed, if this kernel has no NFS server.
need_kernel() {
    modprobe nfsd 2> /dev/null
    if ! grep -qw nfsd /proc/filesystems; then
        error $"The kernel of this machine has no NFS server (nfsd), as in many containers. Nothing was changed."
        exit 1
    fi
}

# make_folder: everybody's, as in /tmp, unless it is there already.
make_folder() {
    [ -d "$folder" ] && return 0
    mkdir -p "$folder" && chmod 1777 "$folder"
}

# write_settings: what clients are offered.
write_settings() {
    local net line=$folder options=$access,sync,no_subtree_check,root_squash
    [ "$squash" = on ] || options=$access,sync,no_subtree_check,no_root_squash
    for net in $networks; do
        line+=" $net($options)"
    done
    mkdir -p /etc/exports.d
    put_block "$settings" <<< "$line"
}

# answers: whether the server does, and tells clients what it has.
answers() { rpcinfo -t 127.0.0.1 nfs > /dev/null 2>&1 && showmount --no-headers --exports 127.0.0.1 > /dev/null 2>&1; }

# start_server: has it run, and waits for it.
start_server() {
    local tries=0 other
    enable_service "$service" > /dev/null 2>&1 || warning $"The NFS server isn't started with the machine."
    if ! answers; then
        # systemd starts what the server needs by itself.
        if [ ! -d /run/systemd/system ]; then
            for other in rpcbind nfs-common; do
                [ ! -x "/etc/init.d/$other" ] || contara_service start "$other" > /dev/null 2>&1
            done
        fi
        restart_service "$service"
    else
        exportfs -r
    fi
    until answers; do
        tries=$((tries + 1))
        if [ "$tries" -gt 60 ]; then
            error $"The NFS server doesn't answer. Its settings are in $settings."
            exit 1
        fi
        sleep 0.5
    done
}

# probe: mounts the folder as a client, or exits with 1. This machine may, for as long as it looks.
probe() {
    local place
    if ! showmount --no-headers --exports 127.0.0.1 | grep -q "^$folder "; then
        error $"The NFS server runs, but doesn't offer $folder. See:"" exportfs -v"
        exit 1
    fi
    place=$(mktemp -d) || exit 1
    exportfs -o ro,no_subtree_check "127.0.0.1:$folder"
    if mounts 4 "$place" || mounts 3 "$place"; then
        umount "$place"
        info $"A client has mounted $folder."
    else
        warning $"The NFS server offers $folder, but this machine couldn't mount it to have a look."
    fi
    exportfs -u "127.0.0.1:$folder"
    rmdir "$place"
}

# mounts VERSION PLACE: whether a client can. Locks stay with it, since it only looks.
mounts() {
    timeout 30 mount -t nfs -o "vers=$1,ro,soft,nolock,retry=0" "127.0.0.1:$folder" "$2" 2> /dev/null
}

need_kernel
if ! make_folder; then
    error $"The folder $folder couldn't be made."
    exit 1
fi
if ! write_settings; then
    error $"The settings in $settings couldn't be written."
    exit 1
fi
start_server
probe
info_b $"The folder $folder is in the network. Connect with:"" mount -t nfs @HOSTNAME@:$folder /mnt"
info $"These networks may mount it:"" $networks"
if firewall-cmd --state > /dev/null 2>&1; then
    warning $"This machine has a firewall. It lets clients in after:"" firewall-cmd --permanent --add-service=nfs --add-service=rpc-bind --add-service=mountd && firewall-cmd --reload"
fi
info $"Settings:"" $settings"

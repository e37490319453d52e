#!/bin/bash
# Runs tests in a copy of the root that make.sh made: run.sh FOLDER SEEN PROGRAM KERNEL:TEST...
# SEEN are folders of this machine, separated by colons, that are there in the same places, and read only. KERNEL is `machine` for this
# machine's, or `own` for one that also has an NFS server, and a disk at /srv. The copy is in memory, and has its own network, name and
# processes: nothing of it is left.
set -euo pipefail

if [ "${INSIDE:-}" != yes ]; then
    INSIDE=yes exec unshare --mount --net --uts --pid --fork --kill-child -- "$BASH" "${BASH_SOURCE[0]}" "$@"
fi

base=$1
IFS=: read -r -a seen <<< "$2"
program=$3
shift 3

here=$base/work
mkdir -p "$here"
mount -t tmpfs -o mode=755 tmpfs "$here"
root=$here/root
cp -a "$base/root" "$root"
mkdir -p "$root/var/lib/packages"
mount --bind "$base/packages" "$root/var/lib/packages"
for folder in "${seen[@]}"; do
    [ ! -e "$root$folder" ] || continue
    mkdir -p "$root$folder"
    mount --rbind "$folder" "$root$folder"
done
printf '127.0.0.1 localhost nas\n' > "$root/etc/hosts"

# in_root TEST: what runs there, with either kernel.
in_root() {
    cat > "$root/start" << EOF
#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root CONTARA_PYTHON=$(printf %q "$CONTARA_PYTHON")
hostname nas
ip link set lo up
ip address add 192.0.2.1/24 dev lo
[ -e /var/lib/apt/lists/lock ] || apt-get -qq update
exec $(printf %q "$program") --ignored --nocapture --exact $1
EOF
    chmod 755 "$root/start"
}

on_machine() {
    mount --rbind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    chroot "$root" /start
    umount --lazy --recursive "$root/dev" "$root/proc"
}

on_own_kernel() {
    cat > "$root/init" << 'EOF'
#!/bin/bash
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
ln -sfT /proc/self/fd /dev/fd
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t ext4 /dev/ubda /srv
/start
echo "$?" > /ended
sync
echo o > /proc/sysrq-trigger
sleep 60
EOF
    chmod 755 "$root/init"
    truncate --size=64M "$here/disk"
    mkfs.ext4 -q "$here/disk"
    mkdir -p "$here/memory"
    TMPDIR=$here/memory "$base/linux" mem=1G ubd0="$here/disk" root=/dev/root rootfstype=hostfs rootflags="$root" rw init=/init \
        con=null con0=null,fd:1 quiet < /dev/null
    [ "$(cat "$root/ended")" = 0 ]
}

for step in "$@"; do
    in_root "${step#*:}"
    case $step in
        machine:*) on_machine ;;
        *) on_own_kernel ;;
    esac
done

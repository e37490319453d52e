#!/bin/bash
# Runs tests in a copy of the root that make.sh made: run.sh FOLDER SEEN PROGRAM KERNEL:TEST...
# SEEN are folders of this machine, separated by colons, that are there in the same places, and read only. KERNEL is `machine` for this
# machine's, or `own` for one that has an NFS server. The copy is in memory, and has its own network, name and
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
mkdir -p "${seen[@]/#/$root}"
printf '127.0.0.1 localhost nas\n' > "$root/etc/hosts"

# in_root TEST: what runs there, with either kernel.
in_root() {
    cat > "$root/start" << EOF
#!/bin/bash
hostname nas
ip link set lo up
ip address add 192.0.2.1/24 dev lo
# So that it counts as connected.
ip route add default dev lo
exec env --ignore-environment PATH="\$PATH" HOME=/root CONTARA_PYTHON=$(printf %q "$CONTARA_PYTHON") \
    $(printf %q "$program") --ignored --nocapture --exact $1
EOF
    chmod 755 "$root/start"
}

on_machine() {
    local folder
    mount --rbind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    mount --bind "$base/packages" "$root/var/lib/packages"
    for folder in "${seen[@]}"; do
        mount --rbind "$folder" "$root$folder"
    done
    PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" /start
    for folder in "${seen[@]}"; do
        umount --lazy --recursive "$root$folder"
    done
    umount --lazy --recursive "$root/var/lib/packages" "$root/proc" "$root/dev"
}

# on_own_kernel: with the root on a disk, as such a kernel has it.
on_own_kernel() {
    cat > "$root/init" << EOF
#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
ln -sfT /proc/self/fd /dev/fd
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
for folder in ${seen[*]@Q}; do
    mount -t hostfs -o "\$folder" none "\$folder"
done
mount -t hostfs -o ${here@Q} none /mnt
/start
echo "\$?" > /mnt/ended
umount /mnt
echo o > /proc/sysrq-trigger
sleep 60
EOF
    chmod 755 "$root/init"
    mkfs.ext4 -q -d "$root" "$here/disk" 2G
    mkdir -p "$here/memory"
    TMPDIR=$here/memory "$base/linux" mem=1G ubd0="$here/disk" root=/dev/ubda rw init=/init con=null con0=null,fd:1 quiet < /dev/null
    [ "$(cat "$here/ended")" = 0 ]
}

for step in "$@"; do
    in_root "${step#*:}"
    case $step in
        machine:*) on_machine ;;
        *) on_own_kernel ;;
    esac
done

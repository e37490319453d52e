#!/bin/bash
# Makes a Debian root from nothing, of this machine's release: make.sh FOLDER. Beside it lie the packages that the setup modules which
# ship bring (for the root a repository, so that what runs in it needs no network), and Linux as a program for what needs a kernel of
# its own. Needs root, a network and mmdebstrap(1).
set -euo pipefail

base=$1
new=$base.new
# shellcheck source=/dev/null
. /etc/os-release
components=main
[ "$ID" != ubuntu ] || components=main,universe
rm -rf -- "$base" "$new"
mkdir -p "$new/packages"

# This machine's ways to the network, without what else it has told apt.
apt-config dump Acquire | grep -Ei '::(proxy|https?|retries|ca)' > "$new/acquire.conf" || true

# The modules' packages, without what they only recommend, since modules have to do without.
export PACKAGES="postgresql postgresql-client samba smbclient nfs-kernel-server nfs-common"
export NEW=$new
# shellcheck disable=SC2016 # mmdebstrap runs it, with the root as $1.
mmdebstrap --quiet --variant=minbase --components="$components" --aptopt="$new/acquire.conf" --include=python3,iproute2,kmod \
    --customize-hook='
        cd "$1/var/cache/apt/archives"
        chroot "$1" apt-get -qq -o APT::Keep-Downloaded-Packages=true -o APT::Install-Recommends=false \
            -o Dpkg::Use-Pty=0 --yes --download-only install $PACKAGES
        find . -name "*.deb" -exec mv -t "$NEW/packages" {} +
        chroot "$1" sh -c "cd /tmp && apt-get -qq -o APT::Sandbox::User=root download user-mode-linux"
        mv "$1"/tmp/user-mode-linux_*.deb "$NEW/user-mode-linux.deb"' \
    "$VERSION_CODENAME" "$new/root"
rm -f -- "$new/root/etc/apt/apt.conf.d/99mmdebstrap" "$new"/root/etc/apt/sources.list.d/*

cd "$new/packages"
for package in *.deb; do
    dpkg-deb --field "$package"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' \
        "$package" "$(stat --format=%s "$package")" "$(sha256sum "$package" | cut -d' ' -f1)"
done > Packages
echo "deb [trusted=yes] file:/var/lib/packages ./" > "$new/root/etc/apt/sources.list"
echo 'APT::Install-Recommends "false";' > "$new/root/etc/apt/apt.conf.d/50tests"
mv "$new/packages" "$new/root/var/lib/"
chroot "$new/root" apt-get -qq update
mv "$new/root/var/lib/packages" "$new/"

dpkg-deb --extract "$new/user-mode-linux.deb" "$new/uml"
cp "$new/uml/usr/bin/linux.uml" "$new/linux"
# All that has to do with NFS is a fiftieth of its modules.
mkdir -p "$new/root/usr/lib/modules"
cd "$new/uml/usr/lib/uml/modules"
find . \( -path '*/fs/nfs*' -o -path '*/fs/lockd/*' -o -path '*/net/sunrpc/*' -o -path '*/fs/fscache/*' -o -path '*/fs/netfs/*' \
    -o -path '*/net/dns_resolver/*' -o -path '*/kernel/lib/*' -o -name 'modules.*' \) -type f -exec cp -a --parents -t "$new/root/usr/lib/modules" {} +
rm -rf "$new/uml" "$new/user-mode-linux.deb"
mv "$new" "$base"

#!/bin/sh
# Makes a folder with Asterisk in it, so that the benchmarks can put it beside the gateway: Debian's
# stable releases have none, so it comes from sid, in a chroot of its own. Needs root and debootstrap.
#   bench/peers/make-asterisk.sh [FOLDER]      (default /var/tmp/deskbell-asterisk)
set -eu

folder=${1:-/var/tmp/deskbell-asterisk}
mirror=${DESKBELL_DEBIAN_MIRROR:-http://deb.debian.org/debian}
command -v debootstrap >/dev/null || { echo "install Debian's debootstrap first" >&2; exit 2; }

if [ ! -e "$folder/usr/bin/apt-get" ]; then
    debootstrap --variant=minbase sid "$folder" "$mirror"
fi
# A mirror that is some days behind is good enough to measure with.
in_folder() { chroot "$folder" env DEBIAN_FRONTEND=noninteractive "$@"; }
in_folder apt-get -o Acquire::Check-Valid-Until=false update -q
in_folder apt-get install -y -q --no-install-recommends asterisk asterisk-modules
in_folder asterisk -V

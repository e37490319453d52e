#!/bin/bash
# Runs as root, in the module's folder, with the answers that get_config_info() names in __init__.py.
# A line that starts with a digit is for the summary: 1 warning, 2 error, 7 and 8 information (8 in bold).
set -eu

greeting="$1"
with_name="$2"

printf '%s\n' "$greeting" > /etc/motd
if [ "$with_name" = "on" ]; then
    printf 'This is %s.\n' "$(uname -n)" >> /etc/motd
fi
echo "8Everybody who signs in is greeted now."

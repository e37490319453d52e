#!/bin/sh
# Stands in for Python in tests of a module's check: runs the script in the folder that is to be checked.
# shellcheck source=/dev/null
. "$5/script"

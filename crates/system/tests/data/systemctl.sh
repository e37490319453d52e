#!/bin/sh
# Stands in for systemctl in tests: asked about `exit-3.service`, it ends with status 3.
status=${4#exit-}
exit "${status%.service}"

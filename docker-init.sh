#!/bin/sh
# The first process of the image. A signal that a program has no handler for does nothing to a first process, which Node is while it starts
# and while it only computes: so kmsspec is the second, and is sent what comes for the first. It ends as kmsspec does.
set -u
child='' signal=''
forward() {
  signal=$1
  [ -z "$child" ] || kill -s "$signal" "$child"
}
trap 'forward TERM' TERM
# Of a terminal the child hears it by itself.
[ -t 0 ] && trap : INT || trap 'forward INT' INT

# What a shell starts beside itself would read nothing.
exec 3<&0
node /opt/kmsspec/node_modules/kmsspec/dist/harness/cli/main.js "$@" <&3 3<&- &
child=$!
exec 3<&-
[ -z "$signal" ] || forward "$signal"

wait "$child"
code=$?
# A signal ends the wait before the child has ended.
while kill -s 0 "$child" 2>/dev/null; do
  wait "$child"
  code=$?
done
exit "$code"

#!/bin/sh
# Controls of a host as one program for the whole run (docs/configuration.md):
#
#   controls: { command: ["./coprocess.sh"], persistent: true, offers: [reset, restart] }
#
# A line in, a line out. Replace what stands in each branch by what does it on your host; what a command prints must not reach
# standard output, which is for the answers.
# Here the host is a lab host with `--control PORT`, PORT being the first argument: "$KMSSPEC" is how it is called.
set -u
port=$1
: "${KMSSPEC:=npx --no-install kmsspec}"

carry_out() {
  # shellcheck disable=SC2086 # KMSSPEC may be several words
  if said=$($KMSSPEC ctl "$port" "$@" 2>&1 >/dev/null); then
    echo ok
  else
    # One line: what is behind a line break would be taken for the next answer.
    echo "error $(printf %s "$said" | tr '\n' ' ')"
  fi
}

while read -r line value; do
  case $line in
    reset | restart) carry_out "$line" ;;
    advance) carry_out advance "$value" ;;
    *) echo "error there is no control $line" ;;
  esac
done

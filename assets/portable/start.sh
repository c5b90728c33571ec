#!/bin/sh
# Shows the wall of this folder on the desktop of this machine. Nothing is installed, and nothing is left
# on the machine.
#
#   sh start.sh               on every monitor, in full screen; hold Ctrl+Q for two seconds to end it
#   sh start.sh --windowed    in windows; all options of `fishbowl run` can follow
set -u
here=$(cd "$(dirname "$0")" && pwd)
say() { printf '%s\n' "$*" >&2; }
case " $* " in
  *' --headless '*) ;;
  *) [ -n "${WAYLAND_DISPLAY:-}${DISPLAY:-}" ] ||
    { say 'There is no desktop here. Log in to one, and run this in a terminal window.'; exit 1; } ;;
esac

temporary=$(mktemp -d) || exit 1
trap 'rm -rf "$temporary"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# On sticks with FAT, and on those mounted `noexec`, no program can be started. A copy of it can.
program=$here/fishbowl
if ! "$program" --version >/dev/null 2>&1; then
  cp "$program" "$temporary/fishbowl" && chmod 700 "$temporary/fishbowl" || exit 1
  program=$temporary/fishbowl
  "$program" --version >/dev/null || { say 'This machine cannot run the program; see README.txt.'; exit 1; }
fi

export FISHBOWL_FONTS="$here/fonts" XDG_CACHE_HOME="$temporary/cache"
if mkdir -p "$here/state" 2>/dev/null && touch "$here/state/.try" 2>/dev/null; then
  rm -f "$here/state/.try"
  export XDG_STATE_HOME="$here/state"
else
  say 'This folder is read-only, so mentions are not recorded.'
  export XDG_STATE_HOME="$temporary/state"
  set -- --journal off "$@"
fi
if [ -r "$here/secrets.env" ]; then
  # An editor on Windows ends lines with a carriage return, too.
  tr -d '\r' <"$here/secrets.env" >"$temporary/secrets"
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in [A-Za-z_]*=*) export "${line?}" ;; esac
  done <"$temporary/secrets"
  rm -f "$temporary/secrets"
fi

# A closed lid or an idle hour does not end the wall, where this user may decide so.
awake='systemd-inhibit --what=idle:sleep:handle-lid-switch --who=Fishbowl --why=wall'
$awake true 2>/dev/null || awake=

$awake "$program" run "$here/wall.toml" "$@"
status=$?
case $status in 0 | 130 | 143) exit "$status" ;; esac
say '' 'What this machine has, and what is missing:'
"$program" doctor "$here/wall.toml" >&2
exit "$status"

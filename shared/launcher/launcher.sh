#!/bin/sh
# Suara Loket: shows the touch screen in Chromium, full screen, and brings it back whenever it ends.
#
#   ./suara-layar.sh [ADDRESS [FLAG OF CHROMIUM]...]
#
# The screen keeps ratings in the folder SUARA_PROFILE until the server has them: never delete or share that folder.
# Waiting for the server ends after a minute once the screen has been set up, for then it also starts without network.
set -u

ADDRESS="${1:-@ADDRESS@}"
ADDRESS="${ADDRESS%/}"
[ $# -gt 0 ] && shift
# No dot in front: a Chromium from a snap may not open hidden folders.
PROFILE="${SUARA_PROFILE:-$HOME/suara-layar}"
SET_UP="$PROFILE/server-was-reached"
PATIENCE=60
PAUSE=3

authority() {
    cat <<'CERTIFICATE'
@AUTHORITY@
CERTIFICATE
}

say() {
    echo "suara-layar: $*" >&2
}

# A shell that waits for a child hears at once that it is to end.
pause() {
    sleep "$1" &
    wait $!
}

find_browser() {
    for name in ${SUARA_BROWSER:-} chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null; then
            echo "$name"
            return
        fi
    done
    say "No Chromium found. Install the package chromium, or set SUARA_BROWSER to its path."
    exit 1
}

# Two launchers on one profile would open a window every few seconds for ever.
only_one() {
    mkdir -p "$PROFILE" || exit 1
    chmod 700 "$PROFILE"
    exec 9>"$PROFILE/launcher.lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        say "The screen runs already (folder $PROFILE)."
        exit 1
    fi
}

# Chromium on Linux asks this database whom to trust.
trust_authority() {
    authority | grep -q BEGIN || return 0
    if ! command -v certutil >/dev/null; then
        say "Install the package libnss3-tools: without it Chromium cannot be told to trust the server."
        return 0
    fi
    database="$HOME/.pki/nssdb"
    mkdir -p "$database"
    [ -f "$database/cert9.db" ] || certutil -d "sql:$database" -N --empty-password
    certutil -d "sql:$database" -D -n "Suara Loket" 2>/dev/null
    authority | certutil -d "sql:$database" -A -a -t C,, -n "Suara Loket"
}

# A browser keeps for certain what a page was granted to keep; Chromium grants that to pages it deems much used only.
grant_storage() {
    preferences="$PROFILE/Default/Preferences"
    [ -e "$preferences" ] && return
    mkdir -p "$PROFILE/Default"
    granted="{\"durable_storage\":{\"$ADDRESS,*\":{\"setting\":1}}}"
    echo "{\"profile\":{\"content_settings\":{\"exceptions\":$granted}}}" >"$preferences"
}

# Any answer will do; whom to trust is for the browser to decide.
answers() {
    if command -v curl >/dev/null; then
        curl --silent --insecure --output /dev/null --max-time 5 "$ADDRESS/healthz"
    elif command -v wget >/dev/null; then
        wget --quiet --no-check-certificate --output-document=/dev/null --timeout=5 --tries=1 "$ADDRESS/touch"
    else
        true
    fi
}

wait_for_server() {
    waited=0
    until answers; do
        [ -e "$SET_UP" ] && [ "$waited" -ge "$PATIENCE" ] && return
        [ "$waited" -eq 0 ] && say "Waiting for $ADDRESS"
        pause 2
        waited=$((waited + 2))
    done
    : >"$SET_UP"
}

keep_lit() {
    [ -n "${DISPLAY:-}" ] && command -v xset >/dev/null && xset s off s noblank -dpms 2>/dev/null
}

end() {
    trap - TERM INT HUP
    [ -n "$browser" ] && kill "$browser" 2>/dev/null && wait "$browser"
    exit 0
}

case "$ADDRESS" in
    https://* | http://localhost* | http://127.0.0.1*) secure="" ;;
    # Over plain HTTP Chromium grants offline work and lasting storage only to an address it is told to.
    *) secure="--unsafely-treat-insecure-origin-as-secure=$ADDRESS" ;;
esac

browser=""
program="$(find_browser)" || exit 1
only_one
trust_authority
grant_storage
trap end TERM INT HUP
while true; do
    wait_for_server
    keep_lit
    # Left behind by a power cut; after a change of the device's name Chromium would not start for it.
    rm -f "$PROFILE"/Singleton*
    "$program" \
        --kiosk \
        --user-data-dir="$PROFILE" \
        ${secure:+"$secure"} \
        --no-first-run \
        --no-default-browser-check \
        --noerrdialogs \
        --hide-crash-restore-bubble \
        --disable-session-crashed-bubble \
        --disable-pinch \
        --overscroll-history-navigation=0 \
        --disable-features=Translate,TranslateUI,TouchpadOverscrollHistoryNavigation \
        --password-store=basic \
        --autoplay-policy=no-user-gesture-required \
        "$@" \
        "$ADDRESS/touch" 9>&- &
    browser=$!
    wait "$browser"
    say "The browser ended and is started again."
    browser=""
    pause "$PAUSE"
done

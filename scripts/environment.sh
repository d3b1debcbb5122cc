# Sets up .venv; sourced by ./run and ./test, which define ROOT and call `environment LOCK`.
# Installs exactly what the lock names, checked by hash, and this source tree (the studio, the artist and the client); nothing else is
# downloaded.
# Safe to interrupt and to run twice at once: one lock, and what is finished is marked last.

VENV="$ROOT/.venv"
# What .venv imports from this tree. Another list is written again, without installing anything.
SOURCES="$ROOT/src
$ROOT/packages/artist/src
$ROOT/packages/client/src"

say() { printf '%s\n' "$*" >&2; }
refuse() { say "$*"; exit 1; }

is_suitable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3 python3.14 python; do
        if is_suitable "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

# What the environment was made for: this place and this Python. A moved folder or another Python is set up again.
made_for() { "$1" -c 'import sys; print(sys.version_info[:2], sys.argv[1])' "$ROOT" 2>/dev/null; }

is_installed() {
    [ -f "$VENV/.made-for" ] && cmp -s "$1" "$VENV/.installed-${1##*/}" &&
        [ "$(made_for "$VENV/bin/python")" = "$(cat "$VENV/.made-for")" ]
}

is_ready() { is_installed "$1" && [ "$(cat "$VENV/.sources" 2>/dev/null)" = "$SOURCES" ]; }

place_sources() {
    site="$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
    printf '%s\n' "$SOURCES" >"$site/elistit_source.pth.new"
    mv -f "$site/elistit_source.pth.new" "$site/elistit_source.pth"
    printf '%s\n' "$SOURCES" >"$VENV/.sources"
}

install_locked() {
    lock="$1"
    if [ ! -f "$VENV/.made-for" ] || [ "$(made_for "$VENV/bin/python")" != "$(cat "$VENV/.made-for")" ]; then
        say "Setting up: making .venv with $("$PYTHON" --version 2>&1)"
        # A usable environment without our mark (an interrupted set-up) is kept; any other is made again.
        if ! { is_suitable "$VENV/bin/python" && "$VENV/bin/python" -m pip --version >/dev/null 2>&1 &&
            [ ! -f "$VENV/.made-for" ]; }; then
            find "$VENV" -mindepth 1 -maxdepth 1 ! -name .lock -exec rm -rf {} +
            "$PYTHON" -m venv "$VENV" >&2 || refuse "Python could not make an environment in $VENV."
        fi
        rm -f "$VENV"/.installed-*
        made_for "$VENV/bin/python" >"$VENV/.made-for.new"
    else
        cp "$VENV/.made-for" "$VENV/.made-for.new"
    fi
    rm -f "$VENV/.made-for"
    say "Setting up: installing $(grep -c '^[A-Za-z0-9].*==' "$lock") packages from ${lock##*/} (about a minute, once)"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-warn-script-location \
        --no-deps --require-hashes -r "$lock" >"$VENV/.setup.log" 2>&1 || {
        tail -n 15 "$VENV/.setup.log" >&2
        refuse "The packages of ${lock##*/} could not be installed (all of it: $VENV/.setup.log). Run this again to continue."
    }
    place_sources
    printf '#!/bin/sh\nexec "%s/bin/python" -m elistit.cli "$@"\n' "$VENV" >"$VENV/bin/elistit.new"
    chmod 755 "$VENV/bin/elistit.new"
    mv -f "$VENV/bin/elistit.new" "$VENV/bin/elistit"
    cp "$lock" "$VENV/.installed-${lock##*/}"
    # The development lock holds everything the first one does.
    if [ "${lock##*/}" = requirements-dev.lock ]; then
        cp "$ROOT/requirements.lock" "$VENV/.installed-requirements.lock"
    fi
    mv -f "$VENV/.made-for.new" "$VENV/.made-for"
}

# environment LOCK: make sure .venv holds what LOCK names. Says nothing when it already does.
environment() {
    is_ready "$1" && return
    # The Python the environment was made with, so that another one installed meanwhile does not start it over.
    PYTHON="$("$VENV/bin/python" -c 'import sys; print(sys._base_executable)' 2>/dev/null)" || PYTHON=""
    if [ -z "$PYTHON" ] || ! is_suitable "$PYTHON"; then
        PYTHON="$(find_python)" || refuse "Elistit needs Python 3.11 or newer, and none was found."
    fi
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
        refuse "Python's venv module is missing; on Debian or Ubuntu install it with: apt-get install python3-venv"
    mkdir -p "$VENV" 2>/dev/null || refuse "The folder $VENV cannot be made; check who owns $ROOT."
    exec 9>"$VENV/.lock" || refuse "The folder $VENV cannot be written to; check who owns it."
    "$PYTHON" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null || {
        say "Waiting for another set-up of this folder to finish"
        "$PYTHON" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
    }
    is_installed "$1" || install_locked "$1"
    is_ready "$1" || place_sources
    exec 9>&-
}

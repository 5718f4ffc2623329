#!/usr/bin/env bash
# Runs every test of the workspace. Installs what they need when it is missing, starts a PostgreSQL and a chromedriver
# of their own in a temporary folder, and stops all of it at the end. Nothing is skipped: a missing part is a failure.
#
# Arguments go to `cargo test` (tests/run.sh --test suite m9_). After `--with`, they are a command that is run instead, with
# everything the tests need started and named in its environment (tests/long.sh uses it).
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:/usr/sbin:/sbin"

say() { printf '== %4d s  %s\n' "$SECONDS" "$*"; }
fail() { printf 'tests/run.sh: %s\n' "$*" >&2; exit 1; }

postgres_program() { # the newest one of that name
    local found
    found=$(find /usr/lib/postgresql -path "*/bin/$1" 2>/dev/null | sort -V | tail -n 1)
    if [ -n "$found" ]; then printf '%s' "$found"; else command -v "$1"; fi
}

# A clock ahead of the machine's is a library put before the program's own.
libfaketime() { find /usr/lib -name libfaketimeMT.so.1 2>/dev/null | head -n 1; }

install_missing() {
    local packages=()
    postgres_program initdb >/dev/null || packages+=(postgresql)
    command -v psql >/dev/null || packages+=(postgresql-client)
    command -v chromium >/dev/null || packages+=(chromium)
    command -v chromedriver >/dev/null || packages+=(chromium-driver)
    command -v npm >/dev/null || packages+=(npm)
    command -v smtp-sink >/dev/null || packages+=(postfix)
    [ -n "$(libfaketime)" ] || packages+=(libfaketime)
    command -v soffice >/dev/null && [ -e /usr/lib/libreoffice/program/libsclo.so ] ||
        packages+=(libreoffice-writer-nogui libreoffice-calc-nogui)
    python3 -c 'import venv, ensurepip' 2>/dev/null || packages+=(python3-venv)
    command -v pdftotext >/dev/null || packages+=(poppler-utils)
    tesseract --list-langs 2>/dev/null | grep -qx fra || packages+=(tesseract-ocr tesseract-ocr-fra)
    command -v clamd >/dev/null || packages+=(clamav-daemon)
    command -v cc >/dev/null || packages+=(build-essential)
    command -v runuser >/dev/null || packages+=(util-linux)
    command -v setsid >/dev/null || packages+=(util-linux)
    [ ${#packages[@]} -eq 0 ] && return
    say "installing ${packages[*]}"
    local apt=(apt-get)
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "these packages are missing and only root can install them: ${packages[*]}"
        apt=(sudo env DEBIAN_FRONTEND=noninteractive apt-get)
    fi
    export DEBIAN_FRONTEND=noninteractive
    # The tests start servers of their own: none of the packages' is to be started.
    if [ "$(id -u)" -eq 0 ] && [ ! -e /usr/sbin/policy-rc.d ]; then
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
        chmod 755 /usr/sbin/policy-rc.d
        policy=/usr/sbin/policy-rc.d
    fi
    "${apt[@]}" update -qq
    "${apt[@]}" install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "${packages[@]}"
    if [ -n "${policy:-}" ]; then rm -f "$policy"; policy=; fi
}

# In memory where there is room: hundreds of databases and folders are copied, looked at and removed.
roomy() {
    local memory=/dev/shm free
    free=$(df --output=avail -k "$memory" 2>/dev/null | tail -n 1)
    if [ "${free:-0}" -gt 4000000 ] && ! grep -q " $memory .*noexec" /proc/mounts; then printf '%s' "$memory"; else printf /tmp; fi
}

folder= policy= chromedriver= postgres_runs= tests= beside= installs=
as_postgres=()
finish() {
    local status=$?
    trap - EXIT
    set +e
    [ -n "$policy" ] && rm -f "$policy"
    # Each leads a group of its own: the tests with the servers they started and could not stop, chromedriver with its browsers.
    for group in $tests $beside $chromedriver; do kill -KILL -- "-$group" 2>/dev/null; done
    [ -n "$postgres_runs" ] && "${as_postgres[@]}" "$pg_ctl" -D "$folder/postgres" -m immediate stop >/dev/null
    if [ -n "$installs" ]; then kill "$installs" 2>/dev/null; wait "$installs" 2>/dev/null; fi
    [ -n "$folder" ] && rm -rf "$folder"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)); listens "$port"; do :; done
    printf '%s' "$port"
}
await() { # what, command…: at most half a minute
    local what=$1 tries=0
    shift
    until "$@"; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || fail "$what does not answer"
        sleep 0.1
    done
}

start_postgres() {
    local initdb port
    initdb=$(postgres_program initdb)
    pg_ctl=$(postgres_program pg_ctl)
    mkdir "$folder/postgres" "$folder/socket"
    if [ "$(id -u)" -eq 0 ]; then
        # It refuses to run as root.
        chown postgres "$folder/postgres" "$folder/socket"
        as_postgres=(runuser -u postgres --)
    else
        as_postgres=(env)
    fi
    (
        cd /
        "${as_postgres[@]}" "$initdb" -D "$folder/postgres" -U essais --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync \
            >"$folder/initdb.log" 2>&1
    ) || { cat "$folder/initdb.log" >&2; fail "PostgreSQL's folder can't be made"; }
    # The tests kill the program, never PostgreSQL: it need not wait for the disk.
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        if (
            cd /
            "${as_postgres[@]}" "$pg_ctl" -D "$folder/postgres" -w -l "$folder/postgres/log" start -o \
                "-p $port -k $folder/socket -c listen_addresses=127.0.0.1 -c max_connections=400 -c fsync=off -c full_page_writes=off -c shared_buffers=128MB" \
                >"$folder/start.log" 2>&1
        ); then
            postgres_runs=yes
            export EI_TEST_POSTGRES="postgres://essais@127.0.0.1:$port"
            return
        fi
    done
    cat "$folder/start.log" "$folder/postgres/log" >&2
    fail "PostgreSQL does not start"
}

start_chromedriver() {
    local port
    port=$(free_port)
    setsid chromedriver --port="$port" --log-level=SEVERE >"$folder/chromedriver.log" 2>&1 &
    chromedriver=$!
    disown "$chromedriver" # its end is no news
    await chromedriver listens "$port"
    export EI_TEST_CHROMEDRIVER="http://127.0.0.1:$port"
    EI_TEST_CHROMIUM=$(command -v chromium)
    export EI_TEST_CHROMIUM
}

# What audits the pages in the browser, at the version that its lock file says; it stays in the temporary folder.
install_axe() {
    mkdir "$folder/axe"
    cp tests/axe/package.json tests/axe/package-lock.json "$folder/axe"
    (cd "$folder/axe" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >"$folder/npm.log" 2>&1) ||
        { cat "$folder/npm.log" >&2; fail "axe-core can't be installed"; }
}

# The test suite of the WebSocket protocol (PyPI, MIT, tests only).
install_autobahn() {
    {
        python3 -m venv "$folder/autobahn" &&
            "$folder/autobahn/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --no-deps kosoku==0.1.0
    } >"$folder/pip.log" 2>&1 || { cat "$folder/pip.log" >&2; fail "kosoku can't be installed"; }
}

# While these two are fetched, the program is built, with the echo that the protocol's tests talk to; before a whole run, also
# every test, in one go: one crate's tests are compiled while the next crate waits for its code.
install_and_build() {
    # A shell of its own has no part in the clean-up of this one.
    (trap - EXIT; install_axe && install_autobahn) &
    installs=$!
    cargo build --timings --workspace --features external --example echo "$@"
    EI_TEST_ECHO=$(cargo metadata --format-version 1 --no-deps |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug/examples/echo
    export EI_TEST_ECHO
    [ -x "$EI_TEST_ECHO" ] || fail "the example echo is missing although it was built"
    wait "$installs" || fail "what the tests need could not be fetched"
    installs=
    export EI_TEST_AXE="$folder/axe/node_modules/axe-core/axe.min.js" EI_TEST_KOSOKU="$folder/autobahn/bin/kosoku"
    [ -s "$EI_TEST_AXE" ] || fail "axe-core is missing although it was installed"
}

command -v cargo >/dev/null || fail "Rust is missing: install the toolchain of Cargo.toml's rust-version"
install_missing
for program in psql chromium chromedriver npm smtp-sink clamd soffice pdftotext tesseract python3; do
    command -v "$program" >/dev/null || fail "$program is missing although it was installed"
done
EI_TEST_FAKETIME=$(libfaketime)
[ -n "$EI_TEST_FAKETIME" ] || fail "libfaketime is missing although it was installed"
export EI_TEST_FAKETIME
# The programs themselves: Debian's « psql » is a script that takes longer than what it is asked.
PATH="$(dirname "$(postgres_program initdb)"):$PATH"
folder=$(mktemp -d "${TMPDIR:-$(roomy)}/ei-tests.XXXXXX")
chmod 755 "$folder"
mkdir -m 1777 "$folder/tmp"
if [ $# -eq 0 ]; then install_and_build --tests --bench sockets; else install_and_build; fi
start_postgres
start_chromedriver
say "PostgreSQL at $EI_TEST_POSTGRES, chromedriver at $EI_TEST_CHROMEDRIVER"

if [ "${1:-}" = --with ]; then
    shift
    TMPDIR=$folder/tmp setsid --wait "$@" &
    tests=$!
    wait "$tests"
    exit
fi

# What the tests leave goes with the folder. Six at a time: they wait more than they compute.
cargo_test() {
    TMPDIR=$folder/tmp RUST_TEST_THREADS=${RUST_TEST_THREADS:-6} \
        setsid --wait cargo test --workspace --features external "$@" &
    tests=$!
    wait "$tests"
}

# Each benchmark of the server once, small and not optimised: what it says is no measure, that it still runs is a test.
# « sockets » does little but wait, so it runs beside the tests.
if [ $# -eq 0 ]; then
    TMPDIR=$folder/tmp setsid --wait cargo test --workspace --features external --quiet --bench sockets -- 50 50 \
        >"$folder/sockets.log" 2>&1 &
    beside=$!
fi
cargo_test --no-fail-fast "$@"
say "the tests have passed"

if [ $# -eq 0 ]; then
    say "benchmark sockets, small"
    wait "$beside" || { cat "$folder/sockets.log" >&2; fail "the benchmark sockets fails"; }
    cat "$folder/sockets.log"
    while read -r name size; do
        say "benchmark $name, small"
        # shellcheck disable=SC2086 # several arguments
        cargo_test --quiet --bench "$name" -- $size
    done <<'SIZES'
alertes 1000 50
connexion 20 2
demarrage 1 40
pages 60 5 20
SIZES
    say "the machine code of each crate, beside its budget"
    tests/budget.sh
fi

#!/usr/bin/env bash
# What is long by nature, outside CI, which runs a small piece of each part with the tests.
#
#   tests/long.sh PART [TURNS]     goes on where the last call of that part stood; without TURNS, until it is stopped
#
#   kills   servers killed under load at random instants, on both databases, and one of two on PostgreSQL
#   lives   random histories after which every counter equals the database
#   fuzz    files with random damage, each answered for by the reader
#   lecture 200 CVs printed by seven programs, read by ours and by pdftotext (one turn: a benchmark)
#   cvs     the CV-thèque at 300,000 CVs, beside SQLite's own full text search (one turn: a benchmark)
#
# A turn that fails ends the call and says its number, which `EI_TEST_SEED=<number> tests/run.sh …` tries again; the next call
# begins with the same turn. Where each part stands is kept in long/ of cargo's target folder.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
part=${1:-} turns=${2:-0}
[[ "$turns" =~ ^[0-9]+$ ]] || usage
case "$part" in
kills) tests=(--test suite -- q8_killed q8_stopped q8_of_two_servers) ;;
lives) tests=(--test suite -- t2_counters_follow) ;;
fuzz) tests=(--test hostile -- q8_mutated_files) ;;
lecture) exec tests/lecture/run.sh ;;
cvs) exec cargo bench -p search-index --bench cvtheque -- 300000 ;;
*) usage ;;
esac

# The first call starts what the tests need, and calls this script again inside.
if [ -z "${EI_TEST_POSTGRES:-}" ]; then
    exec tests/run.sh --with "$PWD/tests/long.sh" "$part" "$turns"
fi

target=$(cargo metadata --format-version 1 --no-deps |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
mkdir -p "$target/long"
turn=$(cat "$target/long/$part" 2>/dev/null || echo 0)
[[ "$turn" =~ ^[0-9]+$ ]] || { printf 'tests/long.sh: %s holds no number: remove it\n' "$target/long/$part" >&2; exit 1; }
last=$((turn + turns))
while [ "$turns" -eq 0 ] || [ "$turn" -lt "$last" ]; do
    printf '== %s, turn %s\n' "$part" "$turn"
    EI_TEST_SEED=$turn cargo test --workspace --features external "${tests[@]}" ||
        { printf 'tests/long.sh: %s failed at turn %s\n' "$part" "$turn" >&2; exit 1; }
    turn=$((turn + 1))
    printf '%s\n' "$turn" >"$target/long/$part.next"
    mv "$target/long/$part.next" "$target/long/$part"
done

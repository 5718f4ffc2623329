#!/usr/bin/env bash
# What our crates cost, as the tests have just built them (debug): bytes of machine code and functions in each crate's
# library, beside their budget. Fails above it, and when a crate has no budget. Then the seconds each took, when the last
# build was asked to say them (`--timings`): they fail nothing, since machines differ; docs/performance.md compares them.
#
# With the argument « judge », the figures are read on standard input (crate, bytes, functions) instead of measured; with
# « times PAGE », only the seconds are said, from that page of Cargo's.
set -euo pipefail
cd "$(dirname "$0")/.."

# Crate, kB of machine code, functions. A figure is the measure of the day it was written and a tenth more: what goes over
# is either a body that another crate compiles again (docs/architecture.md, « Files lead one way »), which is mended, or new work, which
# raises its line here in the commit that adds it.
budgets() {
    cat <<'BUDGETS'
domain 990 6260
store 14000 68500
documents 2720 14500
search_index 2900 15000
actors 4030 19450
web 17600 43600
BUDGETS
}

measure() { # crate, bytes, functions: a line for each library of ours
    cargo test --quiet --workspace --features external --no-run --message-format json |
        python3 -c '
import json, sys
for line in sys.stdin:
    built = json.loads(line)
    ours = built.get("reason") == "compiler-artifact" and "/registry/" not in built["manifest_path"]
    if not ours or built["profile"]["test"]:
        continue
    for name in built["filenames"]:
        if name.endswith(".rlib"):
            print(built["target"]["name"].replace("-", "_"), name)
' | while read -r crate library; do
        # The text sections hold the machine code; « t » and « w » are functions, also those that only this crate calls.
        printf '%s %s %s\n' "$crate" \
            "$(size -A "$library" 2>/dev/null | awk '$1 ~ /^\.text/ { sum += $2 } END { print sum + 0 }')" \
            "$(nm --defined-only "$library" 2>/dev/null | awk '$2 ~ /^[tTwW]$/ { sum += 1 } END { print sum + 0 }')"
    done
}

judge() {
    awk -v budgets="$(budgets)" '
        BEGIN {
            lines = split(budgets, line, "\n")
            for (at = 1; at <= lines; at++) {
                split(line[at], part, " ")
                code[part[1]] = part[2] * 1000
                functions[part[1]] = part[3]
            }
            printf "%-14s %10s %10s %11s %10s\n", "crate", "kB", "budget", "functions", "budget"
        }
        NF == 3 {
            seen[$1] = 1
            if (!($1 in code)) { wrong = wrong "\n" $1 " has no budget"; next }
            printf "%-14s %10d %10d %11d %10d\n", $1, $2 / 1000, code[$1] / 1000, $3, functions[$1]
            if ($2 == 0 || $3 == 0) wrong = wrong "\n" $1 " was not measured"
            else if ($2 > code[$1] || $3 > functions[$1]) wrong = wrong "\n" $1 " is over its budget"
        }
        END {
            for (crate in code) if (!(crate in seen)) wrong = wrong "\n" crate " was not measured"
            if (wrong != "") { printf "tests/budget.sh:%s\n", wrong > "/dev/stderr"; exit 1 }
        }'
}

newest_timings() {
    local target
    target=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
    ls -t "$target"/cargo-timings/cargo-timing-*.html 2>/dev/null | head -n 1
}

times() { # the page that Cargo wrote of its last build
    budgets | cut -d' ' -f1 | python3 -c '
import json, re, sys
try:
    page = open(sys.argv[1], encoding="utf-8").read()
    units = json.loads(re.search(r"const UNIT_DATA = (\[.*?\n\]);", page, re.S).group(1))
except (OSError, AttributeError, ValueError):
    print("seconds: no build has said them")
    sys.exit()
ours = sys.stdin.read().split()
took = {}
for unit in units:
    name = unit["name"].replace("-", "_")
    if unit["duration"] > 0 and "(test)" not in unit.get("target", ""):
        group = name if name in ours or name == "espace_intervenants" else "all others"
        took[group] = took.get(group, 0) + unit["duration"]
print("seconds of the last build:", ", ".join(f"{name} {seconds:.0f}" for name, seconds in took.items()) or "all was built before")
' "$1"
}

case "${1:-}" in
"") measure | judge && times "$(newest_timings)" ;;
times) times "${2:-}" ;;
measure) measure ;;
judge) judge ;;
budgets) budgets ;;
*) printf 'tests/budget.sh: the argument is measure, judge, budgets, times PAGE or nothing\n' >&2; exit 2 ;;
esac

#!/usr/bin/env bash
# Prints 200 CVs with seven programs and reads them with ours and with pdftotext (documents/benches/lecture.rs). Installs those
# programs when they are missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=(chromium libreoffice-writer-nogui poppler-utils python3-venv texlive-latex-base texlive-latex-recommended
    texlive-fonts-recommended lmodern cm-super-minimal hyphen-fr libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    fonts-roboto-unhinted fonts-open-sans fonts-crosextra-carlito fonts-crosextra-caladea fonts-dejavu fonts-liberation
    fonts-lato fonts-noto-core)
if ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
    [ "$(id -u)" -eq 0 ] || apt=(sudo "${apt[@]}")
    "${apt[@]}" update -qq
    "${apt[@]}" install -y -qq --no-install-recommends "${packages[@]}"
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check -r tests/lecture/requirements.txt
"$folder/venv/bin/python" tests/lecture/corpus.py "$folder/cv"
cargo bench -p documents --bench lecture -- "$folder/cv"

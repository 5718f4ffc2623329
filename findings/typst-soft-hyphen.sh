#!/usr/bin/env bash
# Typst 0.15.2 (PyPI), read by poppler's pdftotext (Debian), pypdfium2 5.15.2 and pypdf 7.1.1.
#
# A soft hyphen (U+00AD) in a source of Typst that no line's end falls on is not seen on the page, but is written into the
# page's text between the letters: a search for the word finds nothing in what pdfium and pypdf give, and in what pdftotext
# gives only if U+00AD is dropped first. ISO 32000-1 §14.8.2.2.3 has a soft hyphen in the text only where a line's end shows it.
#
# Seen (2026-11-30), U+00AD shown as |:
#   pdftotext archéo|métrie
#   pdfium    archéo|métrie
#   pypdf     archéo|métrie
#
# Needs python3 with venv and poppler-utils. Fails when any of this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check typst==0.15.2 pypdfium2==5.15.2 pypdf==7.1.1
cd "$folder"
cat >look.py <<'PYTHON'
import subprocess
import pypdf, pypdfium2, typst

with open("word.typ", "w", encoding="utf-8") as source:
    source.write('#set page(width: 12cm, height: 6cm)\n#set text(lang: "fr", font: "Libertinus Serif")\narchéo\u00admétrie\n')
typst.compile("word.typ", output="word.pdf")
shown = lambda text: text.strip().replace("\u00ad", "|")
print("pdftotext", shown(subprocess.run(["pdftotext", "-enc", "UTF-8", "word.pdf", "-"], capture_output=True, check=True).stdout.decode()))
print("pdfium", shown(pypdfium2.PdfDocument("word.pdf")[0].get_textpage().get_text_bounded()))
print("pypdf", shown(pypdf.PdfReader("word.pdf").pages[0].extract_text()))
PYTHON
seen=$("$folder/venv/bin/python" look.py)
expected="pdftotext archéo|métrie
pdfium archéo|métrie
pypdf archéo|métrie"
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { echo "this has changed" >&2; exit 1; }

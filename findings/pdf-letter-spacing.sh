#!/usr/bin/env bash
# WeasyPrint 70.0, pypdfium2 5.15.2 (PDFium), pypdf 7.1.1, pdfminer.six 20260107 (PyPI).
#
# A heading with CSS letter-spacing of .2em, printed by WeasyPrint, is no word any more for three readers of PDF: each gives
# a space behind every letter. The same word spaced by reportlab 5.1.0 through the operator Tc is read whole by PDFium and
# pypdf, and not by pdfminer. A good engineer would expect both to be read alike: to the eye they are the same, and
# WeasyPrint draws no space glyph, it moves the pen between the glyphs (TJ), which these readers take for a word's end.
#
# Seen (2026-11-30):
#   weasyprint pdfium   s c é n o g r a p h i e
#   weasyprint pypdf    s c é n o g r a p h i e
#   weasyprint pdfminer s c é n o g r a p h i e
#   reportlab  pdfium   scénographie
#   reportlab  pypdf    scénographie
#   reportlab  pdfminer s c é n o g r a p h i e
#
# Needs python3 with venv, Debian's libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0 and fonts-dejavu-core. Fails when
# any of this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check weasyprint==70.0 pypdfium2==5.15.2 pypdf==7.1.1 \
    reportlab==5.1.0 pdfminer.six==20260107
cd "$folder"
cat >look.py <<'PYTHON'
import pypdf, pypdfium2, weasyprint
from pdfminer.high_level import extract_text
from reportlab.pdfgen import canvas

weasyprint.HTML(string='<p style="font:20px DejaVu Sans;letter-spacing:.2em">scénographie</p>').write_pdf("weasyprint.pdf")
page = canvas.Canvas("reportlab.pdf")
text = page.beginText(72, 700)
text.setFont("Helvetica", 20)
text.setCharSpace(4)
text.textOut("scénographie")
page.drawText(text)
page.save()
for maker in ("weasyprint", "reportlab"):
    file = f"{maker}.pdf"
    print(maker, "pdfium", pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded().strip())
    print(maker, "pypdf", pypdf.PdfReader(file).pages[0].extract_text().strip())
    print(maker, "pdfminer", extract_text(file).strip())
PYTHON
seen=$("$folder/venv/bin/python" look.py)
expected="weasyprint pdfium s c é n o g r a p h i e
weasyprint pypdf s c é n o g r a p h i e
weasyprint pdfminer s c é n o g r a p h i e
reportlab pdfium scénographie
reportlab pypdf scénographie
reportlab pdfminer s c é n o g r a p h i e"
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { echo "this has changed" >&2; exit 1; }

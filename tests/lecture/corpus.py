"""Prints made-up French CVs with seven programs, for the benchmark of reading.

    corpus.py FOLDER [COUNT]

writes COUNT files (200 unless told) `<maker>-<nnn>.pdf` into FOLDER, each
beside a `.txt` of what it says: one paragraph, cell or heading on a line. The texts
and the looks come from a fixed seed: the same call gives the same CVs. A
program, a module or a font that is missing ends the run with the name of the
package to install.
"""

import json
import logging
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from html import escape
from importlib.util import find_spec
from pathlib import Path

from curriculum import invented, softened

SEED = 1789
FONTS = Path("/usr/share/fonts/truetype")
DATED_EPOCH = "1735689600"  # 1 January 2025, the date written in the files.

# Family: start of the file's name, end of the regular one, end of the bold
# one, Debian package.
FAMILIES = {
    "Roboto": ("roboto/unhinted/RobotoTTF/Roboto", "-Regular", "-Bold", "fonts-roboto-unhinted"),
    "Open Sans": ("open-sans/OpenSans", "-Regular", "-Bold", "fonts-open-sans"),
    "Carlito": ("crosextra/Carlito", "-Regular", "-Bold", "fonts-crosextra-carlito"),
    "DejaVu Sans": ("dejavu/DejaVuSans", "", "-Bold", "fonts-dejavu"),
    "DejaVu Serif": ("dejavu/DejaVuSerif", "", "-Bold", "fonts-dejavu"),
    "Liberation Sans": ("liberation/LiberationSans", "-Regular", "-Bold", "fonts-liberation"),
    "Lato": ("lato/Lato", "-Regular", "-Bold", "fonts-lato"),
    "Caladea": ("crosextra/Caladea", "-Regular", "-Bold", "fonts-crosextra-caladea"),
    "Noto Serif": ("noto/NotoSerif", "-Regular", "-Bold", "fonts-noto-core"),
}

SHARES = {"libreoffice": 30, "chromium": 80, "latex": 30, "reportlab": 15,
          "weasyprint": 20, "typst": 15, "fpdf2": 10}


@dataclass
class Look:
    """How a CV is laid out."""
    number: int
    family: str
    size: float
    accent: str
    spaced: bool    # letters of headings set apart
    upper: bool     # headings in capitals
    hyphens: str    # "auto", "soft" or "none"
    justified: bool
    columns: bool   # short sections beside the others
    dates: str      # of a post: "left", "above" or "right"
    running: bool   # a header and a footer on each page


def look(rng, number, turn, family):
    """The look of a file; `turn` counts the files of its kind."""
    return Look(
        number=number,
        family=family,
        size=rng.choice([9.5, 10, 10.5, 11]),
        accent=rng.choice(["1f4e79", "7a1f3d", "2e5e4e", "444444", "8a5a00", "000000"]),
        spaced=turn % 2 == 0,
        upper=rng.random() < 0.5,
        hyphens=("auto", "soft", "none")[turn % 3],
        justified=turn % 3 < 2 or rng.random() < 0.3,
        columns=turn % 4 in (1, 2),
        dates=rng.choice(["left", "above", "right"]),
        running=turn % 5 in (1, 3),
    )


def ready(cv, look):
    """The text as the maker has to write it; a name is never cut."""
    return replace(cv.mapped(softened), name=cv.name) if look.hyphens == "soft" else cv


def strings(value):
    """The texts of a block, without the word that says its kind."""
    if isinstance(value, str):
        yield value
    else:
        for part in value:
            yield from strings(part)


def written(rng, folder, name):
    """A CV, what it says written beside its PDF."""
    cv = invented(rng)
    said = [cv.name, cv.trade, *cv.contact]
    for section in cv.sections:
        said += [section.title, *(text for block in section.blocks for text in strings(block[1:]))]
    Path(folder, f"{name}.txt").write_text("\n".join(said) + "\n", encoding="utf-8")
    return cv


def title_of(section, look):
    return section.title.upper() if look.upper else section.title


def parts(cv):
    """The long sections, then the short ones."""
    return ([s for s in cv.sections if not s.side], [s for s in cv.sections if s.side])


def font_file(family, bold=False):
    start, regular, strong, _ = FAMILIES[family]
    return FONTS / f"{start}{strong if bold else regular}.ttf"


def run(command, seconds, **more):
    """Runs a program, silent unless it fails."""
    try:
        done = subprocess.run(command, timeout=seconds, capture_output=True, text=True,
                              errors="replace", **more)
    except subprocess.TimeoutExpired:
        sys.exit(f"{command[0]} took more than {seconds} s: {' '.join(command)}")
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed ({done.returncode}):\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


# ------------------------------------------------------------- what is needed

def missing():
    """One line for each thing that is not installed."""
    lines = []
    for program, package in (("soffice", "libreoffice-writer"), ("chromium", "chromium"),
                             ("pdflatex", "texlive-latex-base"), ("kpsewhich", "texlive-binaries")):
        if not shutil.which(program):
            lines.append(f"program {program}: Debian package {package}")
    for module, package in (("reportlab", "reportlab"), ("pyphen", "pyphen"), ("weasyprint", "weasyprint"),
                            ("fpdf", "fpdf2"), ("typst", "typst")):
        if not find_spec(module):
            lines.append(f"Python module {module}: PyPI package {package}")
    for family, (*_, package) in FAMILIES.items():
        for bold in (False, True):
            if not font_file(family, bold).exists():
                lines.append(f"font {font_file(family, bold)}: Debian package {package}")
    if not Path("/usr/share/hyphen/hyph_fr.dic").exists():
        lines.append("hyphenation of LibreOffice: Debian package hyphen-fr")
    return lines + missing_in_latex()


def missing_in_latex():
    """The files of LaTeX that are not installed."""
    if not shutil.which("kpsewhich"):
        return []
    wanted = {"lmodern.sty": "lmodern", "sfrm1000.pfb": "cm-super-minimal", "type1ec.sty": "cm-super-minimal",
              "microtype.sty": "texlive-latex-recommended", "mathptmx.sty": "texlive-latex-base",
              "utmr8a.pfb": "texlive-fonts-recommended", "eurosym.sty": "texlive-fonts-recommended",
              "feymr10.pfb": "texlive-fonts-recommended"}
    return [f"file {name} of LaTeX: Debian package {package}" for name, package in wanted.items()
            if subprocess.run(["kpsewhich", name], capture_output=True).returncode != 0]


# ---------------------------------------------------------------- LibreOffice

FODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0">
<office:font-face-decls><style:font-face style:name="F" svg:font-family="'{family}'"/></office:font-face-decls>
<office:styles>
 <style:default-style style:family="paragraph">
  <style:text-properties style:font-name="F" fo:font-size="{size}pt" fo:language="fr" fo:country="FR"/>
 </style:default-style>
 <style:style style:name="N" style:family="paragraph">
  <style:paragraph-properties fo:text-align="{align}" fo:margin-bottom="0.12cm" fo:orphans="2" fo:widows="2"
   fo:hyphenation-ladder-count="no-limit"/>
  <style:text-properties fo:hyphenate="{hyphenate}" fo:hyphenation-remain-char-count="2" fo:hyphenation-push-char-count="2"/>
 </style:style>
 <style:style style:name="Left" style:family="paragraph">
  <style:paragraph-properties fo:text-align="start"/></style:style>
 <style:style style:name="Name" style:family="paragraph">
  <style:paragraph-properties fo:text-align="{head}"/>
  <style:text-properties fo:font-size="20pt" fo:font-weight="bold" fo:color="#{accent}"{spacing}/></style:style>
 <style:style style:name="Trade" style:family="paragraph">
  <style:paragraph-properties fo:text-align="{head}" fo:margin-bottom="0.2cm"/>
  <style:text-properties fo:font-size="13pt"/></style:style>
 <style:style style:name="Contact" style:family="paragraph">
  <style:paragraph-properties fo:text-align="{head}"/></style:style>
 <style:style style:name="H" style:family="paragraph" style:default-outline-level="1">
  <style:paragraph-properties fo:margin-top="0.45cm" fo:margin-bottom="0.15cm" fo:keep-with-next="always"
   fo:border-bottom="0.5pt solid #{accent}"/>
  <style:text-properties fo:font-size="13pt" fo:font-weight="bold" fo:color="#{accent}"{spacing}/></style:style>
 <style:style style:name="J" style:family="paragraph">
  <style:paragraph-properties fo:margin-top="0.2cm" fo:keep-with-next="always">
   <style:tab-stops><style:tab-stop style:position="{tab}" style:type="{tabtype}"/></style:tab-stops>
  </style:paragraph-properties>
  <style:text-properties fo:font-weight="bold"/></style:style>
 <text:list-style style:name="L">
  <text:list-level-style-bullet text:level="1" text:bullet-char="{bullet}">
   <style:list-level-properties text:list-level-position-and-space-mode="label-alignment">
    <style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.4cm" fo:margin-left="0.6cm"/>
   </style:list-level-properties>
  </text:list-level-style-bullet>
 </text:list-style>
</office:styles>
<office:automatic-styles>
 <style:page-layout style:name="PL"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"
  fo:margin-top="1.6cm" fo:margin-bottom="1.6cm" fo:margin-left="2cm" fo:margin-right="2cm"/>
  <style:header-style><style:header-footer-properties fo:margin-bottom="0.4cm" fo:min-height="0.5cm"/></style:header-style>
  <style:footer-style><style:header-footer-properties fo:margin-top="0.4cm" fo:min-height="0.5cm"/></style:footer-style></style:page-layout>
 <style:style style:name="Two" style:family="section"><style:section-properties text:dont-balance-text-columns="false">
  <style:columns fo:column-count="2" fo:column-gap="0.8cm"/></style:section-properties></style:style>
 <style:style style:name="Cell" style:family="table-cell">
  <style:table-cell-properties fo:border="0.5pt solid #888888" fo:padding="0.1cm"/></style:style>
 {widths}
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="PL">{running}</style:master-page></office:master-styles>
<office:body><office:text>{body}</office:text></office:body>
</office:document>
"""

COLUMN_WIDTHS = ("1.8cm", "7cm", "6cm", "2.2cm")


def fodt_list(items):
    lines = "".join(f'<text:list-item><text:p text:style-name="N">{escape(i)}</text:p></text:list-item>' for i in items)
    return f'<text:list text:style-name="L">{lines}</text:list>'


def fodt_table(rows):
    columns = "".join(f'<table:table-column table:style-name="C{n}"/>' for n in range(len(COLUMN_WIDTHS)))
    lines = ""
    for row in rows:
        cells = "".join(f'<table:table-cell table:style-name="Cell"><text:p text:style-name="Left">{escape(c)}</text:p>'
                        "</table:table-cell>" for c in row)
        lines += f"<table:table-row>{cells}</table:table-row>"
    return f"<table:table>{columns}{lines}</table:table>"


def fodt_block(block, look):
    match block:
        case ("p", text):
            return f'<text:p text:style-name="N">{escape(text)}</text:p>'
        case ("ul", items):
            return fodt_list(items)
        case ("table", rows):
            return fodt_table(rows)
        case ("job", dates, post, place, items):
            order = {"left": f"{escape(dates)}<text:tab/>{escape(post)}",
                     "right": f"{escape(post)}<text:tab/>{escape(dates)}",
                     "above": f"{escape(dates)}<text:line-break/>{escape(post)}"}[look.dates]
            return (f'<text:p text:style-name="J">{order}</text:p>'
                    f'<text:p text:style-name="Left">{escape(place)}</text:p>' + fodt_list(items))


def fodt_sections(sections, look):
    out = ""
    for section in sections:
        out += f'<text:h text:style-name="H" text:outline-level="1">{escape(title_of(section, look))}</text:h>'
        out += "".join(fodt_block(block, look) for block in section.blocks)
    return out


def fodt(cv, look):
    """A CV as a flat text of OpenDocument."""
    long, short = parts(cv)
    body = f'<text:p text:style-name="Name">{escape(cv.name)}</text:p>'
    body += f'<text:p text:style-name="Trade">{escape(cv.trade)}</text:p>'
    body += "".join(f'<text:p text:style-name="Contact">{escape(line)}</text:p>' for line in cv.contact)
    beside = fodt_sections(short, look)
    if look.columns:
        beside = f'<text:section text:style-name="Two" text:name="Short">{beside}</text:section>'
    body += fodt_sections(long, look) + beside
    running = ""
    if look.running:
        running = (f'<style:header><text:p text:style-name="Left">{escape(cv.name)} – {escape(cv.trade)}</text:p></style:header>'
                   '<style:footer><text:p text:style-name="Left">Page <text:page-number/> / <text:page-count/></text:p></style:footer>')
    widths = "".join(f'<style:style style:name="C{n}" style:family="table-column">'
                     f'<style:table-column-properties style:column-width="{width}"/></style:style>'
                     for n, width in enumerate(COLUMN_WIDTHS))
    return FODT.format(
        family=look.family, size=look.size, accent=look.accent, body=body, running=running, widths=widths,
        align="justify" if look.justified else "start", head="center" if look.number % 3 == 0 else "start",
        hyphenate="true" if look.hyphens == "auto" else "false",
        spacing=' fo:letter-spacing="2pt"' if look.spaced else "",
        tab="17cm" if look.dates == "right" else "6.6cm", tabtype="right" if look.dates == "right" else "left",
        bullet="•–▪"[look.number % 3])


def print_libreoffice(orders, folder):
    """One call converts every file."""
    families = list(FAMILIES)
    with tempfile.TemporaryDirectory() as work:
        files = []
        for number, name, rng in orders:
            style = look(rng, number, number, families[number % len(families)])
            path = Path(work, f"{name}.fodt")
            path.write_text(fodt(ready(written(rng, folder, name), style), style), encoding="utf-8")
            files.append(str(path))
        run(["soffice", "--headless", f"-env:UserInstallation=file://{work}/profile", "--convert-to", "pdf",
             "--outdir", str(folder), *files], 60 + 6 * len(files))


# -------------------------------------------------- HTML: Chromium, WeasyPrint

def css(look, cv):
    """The style sheet of a look."""
    spaced = "letter-spacing: .15em;" if look.spaced else ""
    upper = "text-transform: uppercase;" if look.upper else ""
    hyphens = {"auto": "auto", "soft": "manual", "none": "none"}[look.hyphens]
    margin = ""
    if look.running:
        margin = (f'@top-right {{ content: "{cv.name}"; font: 8pt "{look.family}"; }} '
                  f'@bottom-center {{ content: "page " counter(page); font: 8pt "{look.family}"; }}')
    grid = ".page { display: grid; grid-template-columns: 31% 1fr; column-gap: 7mm; }" if look.columns else ""
    jobs = ""
    if look.dates == "left":
        jobs = ".job { display: grid; grid-template-columns: 32mm 1fr; column-gap: 3mm; } .job .rest { grid-column: 2; }"
    elif look.dates == "right":
        jobs = ".job .dates { float: right; }"
    marker = ["disc", "square", '"– "'][look.number % 3]
    return f"""
@page {{ size: A4; margin: 16mm 17mm; {margin} }}
body {{ margin: 0; font-family: "{look.family}"; font-size: {look.size}pt; line-height: 1.35; }}
h1 {{ margin: 0; font-size: 22pt; color: #{look.accent}; {spaced} }}
h2 {{ margin: 5mm 0 2mm; font-size: 12.5pt; color: #{look.accent}; border-bottom: .5pt solid #{look.accent};
     break-after: avoid; hyphens: none; {spaced} {upper} }}
h3 {{ margin: 2.5mm 0 .5mm; font-size: {look.size + .5}pt; break-after: avoid; }}
p, li {{ hyphens: {hyphens}; text-align: {"justify" if look.justified else "left"}; }}
p {{ margin: 0 0 1.5mm; }} ul {{ margin: 0; padding-left: 5mm; list-style: {marker}; }}
.contact {{ list-style: none; padding: 0; }} .contact li {{ text-align: left; hyphens: none; overflow-wrap: anywhere; }}
.place {{ font-style: normal; color: #333; }} aside p, aside li {{ text-align: left; }}
table {{ width: 100%; border-collapse: collapse; }} td, th {{ border: .5pt solid #999; padding: 1mm; text-align: left; }}
tr {{ break-inside: avoid; }}
{grid} {jobs}
"""


def html_list(items, kind=""):
    return f"<ul{kind}>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def html_block(block):
    match block:
        case ("p", text):
            return f"<p>{escape(text)}</p>"
        case ("ul", items):
            return html_list(items)
        case ("table", rows):
            head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
            lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
            return f"<table><tr>{head}</tr>{lines}</table>"
        case ("job", dates, post, place, items):
            return (f'<div class="job"><span class="dates">{escape(dates)}</span><div class="rest"><h3>{escape(post)}</h3>'
                    f'<p class="place">{escape(place)}</p>{html_list(items)}</div></div>')


def html_sections(sections):
    return "".join(f"<section><h2>{escape(s.title)}</h2>{''.join(html_block(b) for b in s.blocks)}</section>"
                   for s in sections)


def html(cv, look):
    """A CV as a page of HTML; half of those in columns have the side first."""
    long, short = parts(cv)
    head = f"<header><h1>{escape(cv.name)}</h1><p>{escape(cv.trade)}</p>"
    contact = html_list(cv.contact, ' class="contact"')
    if look.columns:
        body = f'{head}</header><div class="page"><aside>{contact}{html_sections(short)}</aside><main>{html_sections(long)}</main></div>'
    else:
        body = f"{head}{contact}</header><main>{html_sections(long)}{html_sections(short)}</main>"
    return (f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{escape(cv.name)}</title>'
            f"<style>{css(look, cv)}</style></head><body>{body}</body></html>")


def print_chromium(orders, folder):
    """One process for each file; each family in turn.

    Debian's Chromium has no French dictionary of hyphenation: there, words are
    cut in the files with soft hyphens only.
    """
    families = ["Roboto", "Open Sans", "Carlito", "DejaVu Sans", "DejaVu Serif", "Liberation Sans", "Lato", "Caladea"]
    with tempfile.TemporaryDirectory() as work:
        for number, name, rng in orders:
            turn, kind = divmod(number, len(families))
            family = "Noto Serif" if kind == 7 and turn % 2 else families[kind]
            style = look(rng, number, turn, family)
            page = Path(work, f"{name}.html")
            page.write_text(html(ready(written(rng, folder, name), style), style), encoding="utf-8")
            result = folder / f"{name}.pdf"
            run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                 "--disable-extensions", "--no-first-run", f"--user-data-dir={work}/profile", "--no-pdf-header-footer",
                 f"--print-to-pdf={result}", page.as_uri()], 60)


def print_weasyprint(orders, folder):
    import weasyprint
    families = list(FAMILIES)
    for number, name, rng in orders:
        style = look(rng, number, number, families[number % len(families)])
        page = html(ready(written(rng, folder, name), style), style)
        weasyprint.HTML(string=page).write_pdf(folder / f"{name}.pdf")


# ---------------------------------------------------------------------- LaTeX

LATEX_T1 = [r"\usepackage{lmodern}", r"\usepackage[10pt]{type1ec}", r"\usepackage{mathptmx}",
            r"\usepackage[scaled=.92]{helvet}\renewcommand{\familydefault}{\sfdefault}",
            r"\usepackage{lmodern}\renewcommand{\familydefault}{\sfdefault}"]
LATEX_OT1 = ["", r"\renewcommand{\familydefault}{\sfdefault}"]


def tex(text, plain=False):
    """Escapes a text; `plain` is for the old encoding of fonts."""
    for mark in "&%$#_":
        text = text.replace(mark, "\\" + mark)
    text = text.replace("\u00ad", r"\-").replace("\u00a0", "~").replace("€", r"\euro{}")
    text = text.replace("—", "---").replace("–", "--").replace("’", "'")
    text = text.replace("°", r"\textsuperscript{o}")
    return text.replace("« ", "``").replace(" »", "''") if plain else text


def tex_heading(section, look, plain):
    title = tex(title_of(section, look), plain)
    return rf"\section*{{\textls[150]{{{title}}}}}" if look.spaced else rf"\section*{{{title}}}"


def tex_list(items, plain):
    lines = "\n".join(rf"\item {{}}{tex(item, plain)}" for item in items)
    return f"\\begin{{itemize}}\n{lines}\n\\end{{itemize}}\n"


def tex_block(block, look, plain):
    match block:
        case ("p", text):
            return tex(text, plain) + "\n\n"
        case ("ul", items):
            return tex_list(items, plain)
        case ("table", rows):
            lines = "".join(" & ".join(tex(cell, plain) for cell in row) + r" \\ \hline" + "\n" for row in rows)
            return (r"\noindent\begin{tabular}{|l|p{.4\linewidth}|p{.3\linewidth}|l|}\hline" + "\n"
                    + lines + r"\end{tabular}" + "\n\n")
        case ("job", dates, post, place, items):
            dates, post = tex(dates, plain), rf"\textbf{{{tex(post, plain)}}}"
            order = {"left": rf"{dates}\quad {post}", "right": rf"{post}\hfill {dates}",
                     "above": rf"{dates}\\{post}"}[look.dates]
            return rf"\medskip\noindent {order}\\\emph{{{tex(place, plain)}}}" + "\n" + tex_list(items, plain)


def tex_sections(sections, look, plain):
    return "\n".join(tex_heading(s, look, plain) + "\n" + "".join(tex_block(b, look, plain) for b in s.blocks)
                     for s in sections)


def latex(cv, look, fonts, plain):
    """A CV as a source of LaTeX."""
    long, short = parts(cv)
    beside = tex_sections(short, look, plain)
    if look.columns:
        beside = rf"\begin{{multicols}}{{2}}\raggedcolumns {beside}\end{{multicols}}"
    contact = r" $\cdot$ ".join(tex(line, plain) for line in cv.contact)
    head = [
        r"\documentclass[%spt,a4paper]{article}" % (10 if look.size < 10.5 else 11),
        fonts,  # type1ec wants to come first
        "" if plain else r"\usepackage[T1]{fontenc}",
        r"\usepackage[margin=20mm]{geometry}\usepackage{multicol,eurosym}",
        r"\usepackage[expansion=false]{microtype}" if look.spaced else "",
        r"\pagestyle{%s}" % ("plain" if look.running else "empty"),
        r"\setlength{\parindent}{0pt}\setlength{\parskip}{3pt}\frenchspacing\emergencystretch=2em",
        r"\renewcommand{\labelitemi}{$\bullet$}\renewcommand{\arraystretch}{1.25}",
        "" if look.justified else r"\AtBeginDocument{\raggedright}",
        r"\begin{document}",
        rf"{{\LARGE\bfseries {tex(cv.name, plain)}}}\par {{\large {tex(cv.trade, plain)}}}\par {contact}\par",
    ]
    return "\n".join(head) + tex_sections(long, look, plain) + beside + "\n\\end{document}\n"


def print_latex(orders, folder):
    """Accented letters of the font, and accents set on letters, in turn."""
    # Fonts are never made of dots: one that is missing ends the run.
    dated = os.environ | {"SOURCE_DATE_EPOCH": DATED_EPOCH, "FORCE_SOURCE_DATE": "1", "MKTEXPK": "0"}
    with tempfile.TemporaryDirectory() as work:
        for number, name, rng in orders:
            turn, plain = number // 2, number % 2 == 1
            style = look(rng, number, turn, "")
            fonts = LATEX_OT1[turn % 2] if plain else LATEX_T1[turn % 5]
            Path(work, f"{name}.tex").write_text(latex(ready(written(rng, folder, name), style), style, fonts, plain), encoding="utf-8")
            run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"], 60, cwd=work, env=dated)
            shutil.move(Path(work, f"{name}.pdf"), folder / f"{name}.pdf")


# ------------------------------------------------------------------ ReportLab

def reportlab_fonts(number):
    """Names of a regular and of a bold font: core ones, or a file embedded."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    kind = number % 3
    if kind < 2:
        return [("Helvetica", "Helvetica-Bold"), ("Times-Roman", "Times-Bold")][kind]
    family = list(FAMILIES)[number // 3 % len(FAMILIES)]
    names = (family, f"{family} Bold")
    for name, bold in zip(names, (False, True)):
        pdfmetrics.registerFont(TTFont(name, str(font_file(family, bold))))
    return names


def reportlab_styles(look, regular, bold):
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
    from reportlab.lib.styles import ParagraphStyle
    base = ParagraphStyle("base", fontName=regular, fontSize=look.size, leading=look.size * 1.3, spaceAfter=3,
                          alignment=TA_JUSTIFY if look.justified else TA_LEFT)
    if look.hyphens == "auto":
        base.hyphenationLang = "fr_FR"
    ink = HexColor(f"#{look.accent}")
    return {
        "p": base,
        "left": ParagraphStyle("left", base, alignment=TA_LEFT),
        "name": ParagraphStyle("name", base, fontName=bold, fontSize=21, leading=27, textColor=ink, alignment=TA_LEFT),
        "h": ParagraphStyle("h", base, fontName=bold, fontSize=13, leading=17, spaceBefore=10, textColor=ink, keepWithNext=1),
        "job": ParagraphStyle("job", base, fontName=bold, spaceBefore=5, alignment=TA_LEFT, keepWithNext=1),
        "li": ParagraphStyle("li", base, leftIndent=12, bulletIndent=2, bulletFontName=regular),
    }


def reportlab_block(block, look, styles, width):
    from reportlab.lib.colors import grey
    from reportlab.platypus import Paragraph, Table
    match block:
        case ("p", text):
            return [Paragraph(escape(text), styles["p"])]
        case ("ul", items):
            return [Paragraph(escape(item), styles["li"], bulletText="•") for item in items]
        case ("table", rows):
            cells = [[Paragraph(escape(cell), styles["left"]) for cell in row] for row in rows]
            return [Table(cells, [width * part for part in (.11, .42, .35, .12)], style=[("GRID", (0, 0), (-1, -1), .5, grey)])]
        case ("job", dates, post, place, items):
            order = (post, dates) if look.dates == "right" else (dates, post)
            return [Paragraph(escape(" : ".join(order)), styles["job"]), Paragraph(escape(place), styles["left"]),
                    *reportlab_block(("ul", items), look, styles, width)]


def reportlab_sections(sections, look, styles, width):
    from reportlab.platypus import Paragraph
    flow = []
    for section in sections:
        flow.append(Paragraph(escape(title_of(section, look)), styles["h"]))
        for block in section.blocks:
            flow += reportlab_block(block, look, styles, width)
    return flow


def reportlab_footer(cv, regular):
    """What draws a header and a footer on a page."""
    def draw(canvas, document):
        canvas.setFont(regular, 8)
        canvas.drawString(56, 815, cv.name)
        canvas.drawRightString(540, 28, f"page {document.page}")
    return draw


def print_reportlab(orders, folder):
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table
    for number, name, rng in orders:
        style = look(rng, number, number, "")
        cv = written(rng, folder, name)
        regular, bold = reportlab_fonts(number)
        styles = reportlab_styles(style, regular, bold)
        long, short = parts(cv)
        width = A4[0] - 112
        flow = [Paragraph(escape(cv.name), styles["name"]), Paragraph(escape(cv.trade), styles["left"])]
        flow += [Paragraph(escape(line), styles["left"]) for line in cv.contact]
        flow += reportlab_sections(long, style, styles, width)
        if style.columns:
            cells = [reportlab_sections([section], style, styles, width / 3) for section in short]
            flow.append(Table([cells], width / 3, style=[("VALIGN", (0, 0), (-1, -1), "TOP")]))
        else:
            flow += reportlab_sections(short, style, styles, width)
        document = SimpleDocTemplate(str(folder / f"{name}.pdf"), pagesize=A4, leftMargin=50, rightMargin=50,
                                     topMargin=46, bottomMargin=46, title=cv.name, invariant=1)
        draw = reportlab_footer(cv, regular) if style.running else (lambda canvas, document: None)
        document.build(flow, onFirstPage=draw, onLaterPages=draw)


# ---------------------------------------------------------------------- Typst

def quoted(text):
    """A string of Typst."""
    return json.dumps(text, ensure_ascii=False)


def typst_list(items):
    return "#list(" + ", ".join(f"[#{quoted(item)}]" for item in items) + ")\n"


def typst_block(block, look):
    match block:
        case ("p", text):
            return f"#{quoted(text)}\n\n"
        case ("ul", items):
            return typst_list(items)
        case ("table", rows):
            cells = ", ".join(quoted(cell) for row in rows for cell in row)
            return f"#{{ set par(justify: false); table(columns: (auto, 3fr, 2fr, auto), {cells}) }}\n"
        case ("job", dates, post, place, items):
            order = {"left": f"#{quoted(dates)} #h(1em) *#{quoted(post)}*", "right": f"*#{quoted(post)}* #h(1fr) #{quoted(dates)}",
                     "above": f"#{quoted(dates)} \\ *#{quoted(post)}*"}[look.dates]
            return f"{order} \\\n#emph({quoted(place)})\n{typst_list(items)}\n"


def typst_sections(sections, look):
    return "\n".join(f"= #{quoted(title_of(s, look))}\n" + "".join(typst_block(b, look) for b in s.blocks) for s in sections)


def typst_source(cv, look):
    """A CV as a source of Typst."""
    long, short = parts(cv)
    long, short = typst_sections(long, look), typst_sections(short, look)
    contact = " \\\n".join(f"#{quoted(line)}" for line in cv.contact)
    body = f"{contact}\n{long}\n{short}"
    if look.columns:
        body = f"#grid(columns: (1fr, 2.3fr), column-gutter: 8mm, [#set par(justify: false)\n{contact}\n{short}], [{long}])"
    return f"""
#set document(title: {quoted(cv.name)}, date: datetime(year: 2025, month: 1, day: 1))
#set page(paper: "a4", margin: 18mm{', numbering: "1 / 1"' if look.running else ''})
#set text(font: {quoted(look.family)}, size: {look.size}pt, lang: "fr", hyphenate: {'true' if look.hyphens == 'auto' else 'false'})
#set par(justify: {'true' if look.justified else 'false'})
#show heading: set text(fill: rgb("#{look.accent}"){', tracking: 1.8pt' if look.spaced else ''})
#text(size: 21pt, weight: "bold"{', tracking: 2pt' if look.spaced else ''})[#{quoted(cv.name)}] \\
#text(size: 13pt)[#{quoted(cv.trade)}]

{body}
"""


def print_typst(orders, folder):
    import typst
    # The last two come with the program.
    families = [*FAMILIES, "Libertinus Serif", "New Computer Modern"]
    with tempfile.TemporaryDirectory() as work:
        for number, name, rng in orders:
            style = look(rng, number, number, families[number % len(families)])
            source = Path(work, f"{name}.typ")
            source.write_text(typst_source(ready(written(rng, folder, name), style), style), encoding="utf-8")
            typst.compile(str(source), output=str(folder / f"{name}.pdf"), font_paths=[str(FONTS)])


# ---------------------------------------------------------------------- fpdf2

def latin(text):
    """The text with the letters of ISO 8859-1 alone, as a core font wants."""
    for mark, other in (("œ", "oe"), ("Œ", "OE"), ("’", "'"), ("€", "EUR"), ("—", "-"), ("–", "-")):
        text = text.replace(mark, other)
    return text


class Sheet:
    """A document of fpdf2 and the few gestures a CV needs."""

    def __init__(self, cv, look):
        import fpdf
        from datetime import datetime, timezone

        class Pages(fpdf.FPDF):
            def footer(self):
                if look.running:
                    self.set_y(-12)
                    self.set_font(look.family, "", 8)
                    self.cell(0, 5, f"{cv.name} - page {self.page_no()}", align="R")

        self.look = look
        self.pdf = Pages()
        self.pdf.set_creation_date(datetime(2025, 1, 1, tzinfo=timezone.utc))
        self.pdf.set_title(cv.name)
        if look.family in FAMILIES:
            self.pdf.add_font(look.family, "", font_file(look.family))
            self.pdf.add_font(look.family, "B", font_file(look.family, True))
        self.pdf.set_margin(18)
        self.pdf.set_auto_page_break(True, 18)
        self.pdf.add_page()

    def write(self, text, size=None, bold=False, spaced=False, justified=False, indent=0):
        size = size or self.look.size
        self.pdf.set_font(self.look.family, "B" if bold else "", size)
        self.pdf.set_char_spacing(1.6 if spaced else 0)
        self.pdf.set_x(self.pdf.l_margin + indent)
        self.pdf.multi_cell(0, size * .47, text, align="J" if justified else "L", new_x="LMARGIN", new_y="NEXT")
        self.pdf.set_char_spacing(0)

    def items(self, items):
        mark = "-" if self.look.family not in FAMILIES else "•"
        for item in items:
            self.write(f"{mark} {item}", indent=4, justified=self.look.justified)

    def block(self, block):
        match block:
            case ("p", text):
                self.write(text, justified=self.look.justified)
            case ("ul", items):
                self.items(items)
            case ("table", rows):
                self.pdf.set_font(self.look.family, "", self.look.size - 1)
                with self.pdf.table(col_widths=(12, 42, 34, 12), text_align="LEFT") as table:
                    for row in rows:
                        table.row(row)
            case ("job", dates, post, place, items):
                self.pdf.ln(1.5)
                self.write(f"{post}, {dates}" if self.look.dates == "right" else f"{dates} : {post}", bold=True)
                self.write(place)
                self.items(items)

    def section(self, section):
        self.pdf.ln(3)
        red, green, blue = bytes.fromhex(self.look.accent)
        self.pdf.set_text_color(red, green, blue)
        self.write(title_of(section, self.look), size=13, bold=True, spaced=self.look.spaced)
        self.pdf.set_text_color(0)
        for block in section.blocks:
            self.block(block)


def print_fpdf2(orders, folder):
    families = ["helvetica", "Carlito", "times", "DejaVu Sans", "helvetica", "Lato"]
    for number, name, rng in orders:
        style = look(rng, number, number, families[number % len(families)])
        cv = ready(written(rng, folder, name), style)
        if style.family not in FAMILIES:
            cv = cv.mapped(latin)
        sheet = Sheet(cv, style)
        sheet.write(cv.name, size=21, bold=True, spaced=style.spaced)
        sheet.write(cv.trade, size=13)
        for line in cv.contact:
            sheet.write(line)
        for section in cv.sections:
            sheet.section(section)
        sheet.pdf.output(str(folder / f"{name}.pdf"))


# ------------------------------------------------------------------------ main

PRINTERS = {"libreoffice": print_libreoffice, "chromium": print_chromium, "latex": print_latex,
            "reportlab": print_reportlab, "weasyprint": print_weasyprint, "typst": print_typst,
            "fpdf2": print_fpdf2}


def shared(count):
    """How many files each maker prints: its share, and one at least."""
    whole = sum(SHARES.values())
    counts = {maker: max(1, round(count * share / whole)) for maker, share in SHARES.items()}
    # What rounding adds or takes is settled by those who print most.
    while (gap := count - sum(counts.values())) != 0:
        counts[max(counts, key=counts.get)] += 1 if gap > 0 else -1
    return counts


def main(arguments):
    if len(arguments) not in (1, 2) or (len(arguments) == 2 and not arguments[1].isdigit()):
        sys.exit("usage: corpus.py FOLDER [COUNT]")
    count = int(arguments[1]) if len(arguments) == 2 else 200
    if count < len(SHARES):
        sys.exit(f"COUNT is {len(SHARES)} at least: one file from each maker")
    if lines := missing():
        sys.exit("missing:\n" + "\n".join(lines))
    # Remarks of the modules on old dates in fonts are of no use here.
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    folder = Path(arguments[0]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for maker, share in shared(count).items():
        start = time.monotonic()
        names = [f"{maker}-{number + 1:03}" for number in range(share)]
        orders = [(number, name, random.Random(f"{SEED} {name}")) for number, name in enumerate(names)]
        PRINTERS[maker](orders, folder)
        absent = [name for name in names if not (folder / f"{name}.pdf").exists()]
        if absent:
            sys.exit(f"{maker} wrote nothing for {', '.join(absent)}")
        print(f"{maker}: {share} files, {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

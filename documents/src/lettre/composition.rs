//! Lines and pages: lines are filled greedily, ragged on the right, and spaces keep the width that the face gives them.

use std::borrow::Cow;
use std::num::NonZeroU16;

use krilla::Document;
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree};
use krilla::text::TextDirection;

use super::error::Error;
use super::police::{Police, Polices};

/// A4, in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const LEFT: f32 = 68.0;
const RIGHT: f32 = 68.0;
const TOP: f32 = 62.0;
const BOTTOM: f32 = 78.0;
const WIDTH: f32 = PAGE.0 - LEFT - RIGHT;
/// Where the address stands, so that it shows in a window envelope.
const ADDRESS: f32 = 312.0;
/// Width of the first column of the table.
const LABEL: f32 = 118.0;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Expediteur,
    Destinataire,
    Date,
    SousTitre,
    Objet,
    Texte,
    Signature,
}

/// Left edge, width, size, space above: all in points; whether it is bold, and whether its first line alone is.
struct Aspect {
    left: f32,
    width: f32,
    size: f32,
    above: f32,
    bold: bool,
    bold_first: bool,
}

impl Style {
    fn aspect(self) -> Aspect {
        let base = Aspect { left: LEFT, width: WIDTH, size: 11.0, above: 8.0, bold: false, bold_first: false };
        match self {
            Self::Expediteur => {
                Aspect { above: 0.0, bold_first: true, size: 10.5, width: ADDRESS - LEFT - 20.0, ..base }
            }
            Self::Destinataire => {
                Aspect { left: ADDRESS, width: PAGE.0 - RIGHT - ADDRESS, above: 26.0, bold_first: true, ..base }
            }
            Self::Date => Aspect { left: ADDRESS, width: PAGE.0 - RIGHT - ADDRESS, above: 22.0, ..base },
            Self::SousTitre => Aspect { above: 2.0, ..base },
            Self::Objet => Aspect { above: 16.0, bold: true, ..base },
            Self::Texte => base,
            Self::Signature => {
                Aspect { left: ADDRESS, width: PAGE.0 - RIGHT - ADDRESS, above: 22.0, bold_first: true, ..base }
            }
        }
    }
}

pub(super) enum Bloc<'a> {
    Titre(&'a str),
    Paragraphe(Cow<'a, str>, Style),
    /// Lines that belong together.
    Lignes(&'a [String], Style),
    /// A table of two columns, the first its headers.
    Tableau(&'a [(String, Vec<String>)]),
}

impl<'a> Bloc<'a> {
    pub(super) fn paragraphe(text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        Self::Paragraphe(text.into(), style)
    }

    pub(super) fn textes(&self) -> Vec<&str> {
        match self {
            Self::Titre(text) => vec![text],
            Self::Paragraphe(text, _) => vec![text.as_ref()],
            Self::Lignes(lines, _) => lines.iter().map(String::as_str).collect(),
            Self::Tableau(rows) => rows
                .iter()
                .flat_map(|(label, lines)| std::iter::once(label.as_str()).chain(lines.iter().map(String::as_str)))
                .collect(),
        }
    }
}

/// A line at its place on the page.
struct Ligne {
    x: f32,
    y: f32,
    size: f32,
    bold: bool,
    text: String,
    /// The leaf of the tree that it belongs to.
    leaf: usize,
}

struct Filet {
    y: f32,
}

#[derive(Default)]
struct Page {
    lignes: Vec<Ligne>,
    filets: Vec<Filet>,
}

/// What the tree is made of, in the order of reading.
enum Noeud {
    Titre(String, usize),
    Paragraphe(usize),
    /// For each row its header's leaf and its cell's.
    Tableau(Vec<(usize, usize)>),
}

pub(super) struct Composition<'f> {
    polices: &'f Polices,
    pages: Vec<Page>,
    noeuds: Vec<Noeud>,
    leaves: usize,
    y: f32,
}

impl<'f> Composition<'f> {
    pub(super) fn new(polices: &'f Polices, blocs: &[Bloc<'_>]) -> Self {
        let mut composition = Self { polices, pages: vec![Page::default()], noeuds: Vec::new(), leaves: 0, y: TOP };
        for bloc in blocs {
            composition.add(bloc);
        }
        composition
    }

    fn police(&self, bold: bool) -> &'f Police {
        if bold { &self.polices.grasse } else { &self.polices.normale }
    }

    fn leaf(&mut self) -> usize {
        self.leaves += 1;
        self.leaves - 1
    }

    fn page(&mut self) -> &mut Page {
        // There is always one: `new` makes the first.
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    fn add(&mut self, bloc: &Bloc<'_>) {
        match bloc {
            Bloc::Titre(text) => {
                let leaf = self.leaf();
                let aspect =
                    Aspect { left: LEFT, width: WIDTH, size: 17.0, above: 28.0, bold: true, bold_first: false };
                self.space(aspect.above, 60.0);
                self.text(text, &aspect, true, leaf);
                self.noeuds.push(Noeud::Titre((*text).to_owned(), leaf));
            }
            Bloc::Paragraphe(text, style) => self.paragraph(&[text.as_ref()], *style),
            Bloc::Lignes(lines, style) => {
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                self.paragraph(&lines, *style);
            }
            Bloc::Tableau(rows) => self.table(rows),
        }
    }

    /// Leaves space above the next block, or begins a new page when less than `needed` is left.
    fn space(&mut self, above: f32, needed: f32) {
        self.y += above;
        if self.y + needed > PAGE.1 - BOTTOM {
            self.pages.push(Page::default());
            self.y = TOP;
        }
    }

    fn paragraph(&mut self, lines: &[&str], style: Style) {
        let aspect = style.aspect();
        let lines: Vec<&str> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
        if lines.is_empty() {
            return;
        }
        let leaf = self.leaf();
        // Lines that belong together stay together; a paragraph keeps at least two lines.
        let together = if lines.len() > 1 { lines.len() as f32 } else { 2.0 };
        self.space(aspect.above, together * leading(aspect.size));
        for (rank, line) in lines.iter().enumerate() {
            // A space after each line, as between words: otherwise a screen reader would join two lines into one word.
            let apart = if rank + 1 < lines.len() { format!("{line} ") } else { (*line).to_owned() };
            self.text(&apart, &aspect, aspect.bold || (aspect.bold_first && rank == 0), leaf);
        }
        self.noeuds.push(Noeud::Paragraphe(leaf));
    }

    /// Writes a text in as many lines as it takes.
    fn text(&mut self, text: &str, aspect: &Aspect, bold: bool, leaf: usize) {
        for line in broken(text, self.police(bold), aspect.size, aspect.width) {
            self.space(0.0, leading(aspect.size));
            self.y += leading(aspect.size);
            let line = Ligne { x: aspect.left, y: self.y, size: aspect.size, bold, text: line, leaf };
            self.page().lignes.push(line);
        }
    }

    fn table(&mut self, rows: &[(String, Vec<String>)]) {
        let (label, value) = (
            Aspect { left: LEFT, width: LABEL - 12.0, size: 11.0, above: 0.0, bold: true, bold_first: false },
            Aspect { left: LEFT + LABEL, width: WIDTH - LABEL, size: 11.0, above: 0.0, bold: false, bold_first: false },
        );
        let mut leaves = Vec::with_capacity(rows.len());
        self.y += 10.0;
        for (heading, lines) in rows {
            self.space(5.0, 2.0 * leading(value.size));
            let y = self.y;
            self.page().filets.push(Filet { y });
            self.y += 3.0;
            let (first, from) = (self.leaf(), self.y);
            self.text(heading, &label, true, first);
            let (low, at) = (self.y, self.pages.len());
            self.y = from;
            let second = self.leaf();
            for line in lines {
                self.text(line, &value, false, second);
            }
            // The value may have gone on to another page; otherwise the longer of both columns counts.
            if self.pages.len() == at {
                self.y = self.y.max(low);
            }
            leaves.push((first, second));
        }
        self.y += 5.0;
        let y = self.y;
        self.page().filets.push(Filet { y });
        self.noeuds.push(Noeud::Tableau(leaves));
    }

    /// Draws the pages, and returns the tree.
    pub(super) fn draw(self, document: &mut Document, titre: &str) -> Result<TagTree, Error> {
        let settings =
            PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| Error::Made("the page has no size".to_owned()))?;
        let count = self.pages.len();
        let mut leaves: Vec<Vec<Node>> = (0..self.leaves).map(|_| Vec::new()).collect();
        for (rank, page) in self.pages.iter().enumerate() {
            let mut sheet = document.start_page_with(settings.clone());
            let mut surface = sheet.surface();
            for filet in &page.filets {
                surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
                rule(&mut surface, filet.y);
                surface.end_tagged();
            }
            for ligne in &page.lignes {
                let id = surface.start_tagged(ContentTag::Span(SpanTag::empty().with_lang(Some("fr-FR"))));
                write(&mut surface, self.police(ligne.bold), ligne.size, (ligne.x, ligne.y), &ligne.text);
                surface.end_tagged();
                leaves[ligne.leaf].push(id.into());
            }
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
            let said = format!("{titre} – page {} sur {count}", rank + 1);
            write(&mut surface, &self.polices.normale, 8.5, (LEFT, PAGE.1 - 42.0), &said);
            surface.end_tagged();
            surface.finish();
            sheet.finish();
        }
        document.set_outline(self.outline());
        Ok(tree(&self.noeuds, &mut leaves))
    }
}

impl Composition<'_> {
    /// The outline with the heading, which readers list (ISO 14289-1 §7.17 asks for one).
    fn outline(&self) -> Outline {
        let mut outline = Outline::new();
        for noeud in &self.noeuds {
            let Noeud::Titre(text, leaf) = noeud else { continue };
            let found =
                self.pages.iter().enumerate().find_map(|(page, one)| {
                    one.lignes.iter().find(|ligne| ligne.leaf == *leaf).map(|ligne| (page, ligne))
                });
            if let Some((page, ligne)) = found {
                let at = Point::from_xy(ligne.x, ligne.y - ligne.size);
                outline.push_child(OutlineNode::new(text.clone(), XyzDestination::new(page, at)));
            }
        }
        outline
    }
}

fn tree(noeuds: &[Noeud], leaves: &mut [Vec<Node>]) -> TagTree {
    let mut filled = |mut group: TagGroup, leaf: usize| {
        for node in leaves[leaf].drain(..) {
            group.push(node);
        }
        group
    };
    let mut tree = TagTree::new();
    for noeud in noeuds {
        match noeud {
            Noeud::Titre(text, leaf) => {
                tree.push(filled(TagGroup::new(Tag::Hn(NonZeroU16::MIN, Some(text.clone()))), *leaf));
            }
            Noeud::Paragraphe(leaf) => tree.push(filled(TagGroup::new(Tag::P), *leaf)),
            Noeud::Tableau(rows) => {
                let mut table =
                    TagGroup::new(Tag::Table.with_summary(Some("Durée, périodes, lieu et paiement".to_owned())));
                for (header, cell) in rows {
                    let mut row = TagGroup::new(Tag::TR);
                    row.push(filled(TagGroup::new(Tag::TH(TableHeaderScope::Row)), *header));
                    row.push(filled(TagGroup::new(Tag::TD), *cell));
                    table.push(row);
                }
                tree.push(table);
            }
        }
    }
    tree
}

/// Distance from one line to the next, in points.
fn leading(size: f32) -> f32 {
    size * 1.32
}

/// Cuts a text into lines. Each but the last keeps its space, so that words stay apart when the text is copied or read
/// aloud; a word wider than the line is cut.
fn broken(text: &str, police: &Police, size: f32, width: f32) -> Vec<String> {
    let fits = |line: &str| police.width(line.trim_end(), size) <= width;
    let mut lines = Vec::new();
    let mut line = String::new();
    // No-break spaces, before « ; » and inside numbers, are no place to cut.
    for word in text.split_inclusive([' ', '\t', '\n']) {
        let joined = format!("{line}{word}");
        if fits(&joined) {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for sign in word.chars() {
            let mut longer = line.clone();
            longer.push(sign);
            if !fits(&longer) && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                longer = sign.to_string();
            }
            line = longer;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn write(surface: &mut Surface<'_>, police: &Police, size: f32, (x, y): (f32, f32), text: &str) {
    surface.set_fill(Some(Fill {
        paint: rgb::Color::new(0, 0, 0).into(),
        opacity: NormalizedF32::ONE,
        ..Fill::default()
    }));
    // A tab and a line break are spaces on paper.
    let text = text.replace(['\t', '\n', '\r'], " ");
    // Always left to right: a text in the other direction was refused.
    surface.draw_text(Point::from_xy(x, y), police.font.clone(), size, &text, false, TextDirection::LeftToRight);
}

fn rule(surface: &mut Surface<'_>, y: f32) {
    let mut path = PathBuilder::new();
    path.move_to(LEFT, y);
    path.line_to(PAGE.0 - RIGHT, y);
    let Some(path) = path.finish() else { return };
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { paint: rgb::Color::new(150, 150, 150).into(), width: 0.5, ..Stroke::default() }));
    surface.draw_path(&path);
    surface.set_stroke(None);
}

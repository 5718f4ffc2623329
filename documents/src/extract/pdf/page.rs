//! What a page shows: its operators, obeyed as far as text needs it (ISO 32000-1 §8, §9, §12.5.5, §14.6).

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, decode_text_string};

use super::font::Font;
use super::layout::Piece;
use super::lexer::{Lexer, Token};
use super::matrix::Matrix;
use super::object::{array, as_dictionary, bytes, dictionary, get, name, number, numbers, resolved};

/// Forms inside forms beyond that are not shown; a form that shows itself ends there too.
const MAX_FORMS: usize = 12;
/// Operators of one file beyond that are not obeyed: what was read by then stays.
const MAX_OPERATORS: usize = 3_000_000;
const MAX_PIECES: usize = 400_000;
const MAX_OPERANDS: usize = 512;
const MAX_STATES: usize = 256;
/// Unknown glyphs of a file that are no loss.
const UNKNOWN_MAX: usize = 20;
const MAX_FIELD_PARENTS: usize = 32;

/// Bits of an annotation that is not shown (§12.5.3).
const HIDDEN: i64 = 1 << 1;
const NO_VIEW: i64 = 1 << 5;

/// A file while its pages are read.
pub(super) struct Reader<'a> {
    document: &'a Document,
    fonts: HashMap<*const Dictionary, Rc<Font<'a>>>,
    /// The layers that are off when the file opens (§8.11.4.3).
    off: HashSet<ObjectId>,
    operators: usize,
    /// Glyphs shown, and those of which nothing says what they stand for.
    shown: usize,
    unknown: usize,
    left_out: bool,
    /// Whether the last page that was read shows a picture.
    pub(super) showed_picture: bool,
}

/// What one page shows, as it is drawn.
struct Canvas<'a, 'r> {
    reader: &'r mut Reader<'a>,
    pieces: &'r mut Vec<Piece>,
    /// Where the page ends: what is drawn outside is not seen.
    seen: Option<[f64; 4]>,
}

#[derive(Clone)]
struct State<'a> {
    matrix: Matrix,
    font: Option<Rc<Font<'a>>>,
    size: f64,
    between_characters: f64,
    between_words: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

/// Marked content that was begun (§14.6).
enum Mark {
    Plain,
    /// Of a layer that is off.
    Off,
    /// What is shown inside stands for this text (§14.9.4); the number of pieces before it.
    Instead(usize, String),
}

impl<'a> Reader<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self {
            document,
            fonts: HashMap::new(),
            off: layers_off(document),
            operators: 0,
            shown: 0,
            unknown: 0,
            left_out: false,
            showed_picture: false,
        }
    }

    /// Adds the pieces of text of a page in the order in which they are drawn, then those of its annotations.
    pub(super) fn page(&mut self, page: &'a Dictionary, pieces: &mut Vec<Piece>) {
        self.showed_picture = false;
        let document = self.document;
        let inherited = |key: &str| inherited(document, page, key);
        let resources = inherited("Resources").and_then(as_dictionary);
        let seen = inherited("CropBox").or_else(|| inherited("MediaBox")).and_then(|seen| rectangle(document, seen));
        let mut canvas = Canvas { reader: self, pieces, seen };
        let (content, whole) = contents(document, page);
        canvas.reader.left_out |= !whole;
        canvas.show(&content, resources, State::new(Matrix::IDENTITY), 0);
        for annotation in array(document, page, "Annots").unwrap_or_default() {
            if let Some(annotation) = as_dictionary(resolved(document, annotation)) {
                canvas.annotation(annotation);
            }
        }
    }

    /// Whether something of the file was not read: behind a bound, or what can't be decoded; a few unknown signs are bullets.
    pub(super) fn left_out(&self) -> bool {
        self.left_out || self.unknown > UNKNOWN_MAX && self.unknown * 20 > self.shown
    }

    fn font(&mut self, font: &'a Dictionary) -> Rc<Font<'a>> {
        self.fonts.entry(std::ptr::from_ref(font)).or_insert_with(|| Rc::new(Font::new(self.document, font))).clone()
    }

    /// Whether a layer, or a choice of layers, is off (§8.11.2).
    fn is_off(&self, layer: &Object) -> bool {
        if let Ok(id) = layer.as_reference()
            && self.off.contains(&id)
        {
            return true;
        }
        let Some(choice) = as_dictionary(resolved(self.document, layer)) else { return false };
        let layers = match choice.get(b"OCGs") {
            Ok(Object::Array(all)) => all.as_slice(),
            Ok(one) => std::slice::from_ref(one),
            Err(_) => return false,
        };
        let off = |layer: &Object| layer.as_reference().is_ok_and(|id| self.off.contains(&id));
        match name(self.document, choice, "P") {
            _ if layers.is_empty() => false,
            Some(b"AllOn") => layers.iter().any(off),
            Some(b"AnyOff") => !layers.iter().any(off),
            Some(b"AllOff") => !layers.iter().all(off),
            _ => layers.iter().all(off),
        }
    }
}

impl State<'_> {
    fn new(matrix: Matrix) -> Self {
        Self {
            matrix,
            font: None,
            size: 1.0,
            between_characters: 0.0,
            between_words: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

impl<'a> Canvas<'a, '_> {
    /// Obeys a content stream.
    fn show(&mut self, content: &[u8], resources: Option<&'a Dictionary>, state: State<'a>, depth: usize) {
        let mut pen =
            Pen { state, line: Matrix::IDENTITY, text: Matrix::IDENTITY, kept: Vec::new(), marks: Vec::new() };
        let mut lexer = Lexer::new(content);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(token) = lexer.next() {
            match token {
                Token::Operand(operand) if operands.len() < MAX_OPERANDS => operands.push(operand),
                Token::Operand(_) => {}
                Token::Operator(b"BI") => {
                    lexer.skip_image();
                    self.reader.showed_picture = true;
                    operands.clear();
                }
                Token::Operator(operator) => {
                    self.reader.operators += 1;
                    if self.reader.operators > MAX_OPERATORS || self.pieces.len() > MAX_PIECES {
                        self.reader.left_out = true;
                        break;
                    }
                    self.obey(operator, &operands, resources, &mut pen, depth);
                    operands.clear();
                }
            }
        }
        while let Some(mark) = pen.marks.pop() {
            self.end(mark);
        }
    }

    fn obey(
        &mut self,
        operator: &[u8],
        operands: &[Object],
        resources: Option<&'a Dictionary>,
        pen: &mut Pen<'a>,
        depth: usize,
    ) {
        let at = |nth: usize| operands.get(nth).and_then(number).unwrap_or(0.0);
        let resource = |kind: &str, name: &Object| -> Option<&'a Object> {
            let all = dictionary(self.reader.document, resources?, kind)?;
            all.get(name.as_name().ok()?).ok()
        };
        match operator {
            b"q" if pen.kept.len() < MAX_STATES => pen.kept.push(pen.state.clone()),
            b"Q" => {
                if let Some(kept) = pen.kept.pop() {
                    pen.state = kept;
                }
            }
            b"cm" => {
                if let Some(matrix) = Matrix::of(operands) {
                    pen.state.matrix = matrix.then(&pen.state.matrix);
                }
            }
            b"BT" => pen.begin_at(Matrix::IDENTITY),
            b"Tf" => {
                let found = operands.first().and_then(|name| resource("Font", name));
                let found = found.and_then(|font| resolved(self.reader.document, font).as_dict().ok());
                pen.state.font = found.map(|font| self.reader.font(font));
                pen.state.size = at(1);
            }
            b"gs" => {
                let found = operands.first().and_then(|name| resource("ExtGState", name));
                let found = found.and_then(|state| as_dictionary(resolved(self.reader.document, state)));
                if let Some([font, size]) = found.and_then(|state| array(self.reader.document, state, "Font"))
                    && let Ok(font) = resolved(self.reader.document, font).as_dict()
                {
                    pen.state.font = Some(self.reader.font(font));
                    pen.state.size = number(size).unwrap_or(1.0);
                }
            }
            b"Tc" => pen.state.between_characters = at(0),
            b"Tw" => pen.state.between_words = at(0),
            b"Tz" => pen.state.scale = at(0) / 100.0,
            b"TL" => pen.state.leading = at(0),
            b"Ts" => pen.state.rise = at(0),
            b"Td" => pen.next_line(at(0), at(1)),
            b"TD" => {
                pen.state.leading = -at(1);
                pen.next_line(at(0), at(1));
            }
            b"Tm" => {
                if let Some(matrix) = Matrix::of(operands) {
                    pen.begin_at(matrix);
                }
            }
            b"T*" => pen.next_line(0.0, -pen.state.leading),
            b"Tj" => self.text(operands.first(), pen),
            b"'" => {
                pen.next_line(0.0, -pen.state.leading);
                self.text(operands.first(), pen);
            }
            b"\"" => {
                pen.state.between_words = at(0);
                pen.state.between_characters = at(1);
                pen.next_line(0.0, -pen.state.leading);
                self.text(operands.get(2), pen);
            }
            b"TJ" => {
                for object in operands.first().and_then(|all| all.as_array().ok()).into_iter().flatten() {
                    match number(object) {
                        Some(back) => pen.move_by(-back / 1000.0 * pen.state.size),
                        None => self.text(Some(object), pen),
                    }
                }
            }
            b"BMC" if pen.marks.len() < MAX_STATES => pen.marks.push(Mark::Plain),
            b"BDC" if pen.marks.len() < MAX_STATES => {
                let named = |object: &'a Object| resolved(self.reader.document, object);
                let mark = match operands {
                    [Object::Name(tag), layer @ Object::Name(_)] if tag == b"OC" => {
                        let off = resource("Properties", layer).is_some_and(|layer| self.reader.is_off(layer));
                        if off { Mark::Off } else { Mark::Plain }
                    }
                    [_, properties @ Object::Name(_)] => {
                        let properties = resource("Properties", properties).map(named).and_then(as_dictionary);
                        self.instead(properties)
                    }
                    [_, Object::Dictionary(properties)] => self.instead(Some(properties)),
                    _ => Mark::Plain,
                };
                pen.marks.push(mark);
            }
            b"EMC" => {
                if let Some(mark) = pen.marks.pop() {
                    self.end(mark);
                }
            }
            b"Do" if !pen.is_off() => {
                let form = operands.first().and_then(|name| resource("XObject", name));
                if let Some(Object::Stream(form)) = form.map(|form| resolved(self.reader.document, form)) {
                    self.form(form, resources, pen.state.clone(), depth);
                }
            }
            _ => {}
        }
    }

    fn instead(&self, properties: Option<&Dictionary>) -> Mark {
        let said = properties.and_then(|of| get(self.reader.document, of, "ActualText"));
        match said.and_then(|said| decode_text_string(said).ok()) {
            Some(said) => Mark::Instead(self.pieces.len(), said),
            None => Mark::Plain,
        }
    }

    /// Ends marked content: what was shown in it becomes the one text that it stands for. Where nothing was shown it stands for
    /// nothing: Chromium repeats the last ligature of a page so.
    fn end(&mut self, mark: Mark) {
        let Mark::Instead(before, said) = mark else { return };
        if before >= self.pieces.len() {
            return;
        }
        let shown = self.pieces.split_off(before);
        if let (Some(first), Some(last)) = (shown.first(), shown.last()) {
            self.pieces.push(Piece { text: said.into(), end: last.end, ..first.clone() });
        }
    }

    /// A form XObject (§8.10); its resources are its own, or those of whoever shows it.
    fn form(&mut self, form: &'a Stream, resources: Option<&'a Dictionary>, mut state: State<'a>, depth: usize) {
        let document = self.reader.document;
        let kind = name(document, &form.dict, "Subtype");
        self.reader.showed_picture |= kind == Some(b"Image");
        let is_form = kind == Some(b"Form");
        let is_off = form.dict.get(b"OC").is_ok_and(|layer| self.reader.is_off(layer));
        if !is_form || is_off || depth >= MAX_FORMS {
            return;
        }
        if let Some(matrix) = numbers(document, &form.dict, "Matrix").map(Matrix) {
            state.matrix = matrix.then(&state.matrix);
        }
        let own = dictionary(document, &form.dict, "Resources").or(resources);
        match bytes(document, form) {
            Some(content) => self.show(&content, own, state, depth + 1),
            None => self.reader.left_out = true,
        }
    }

    /// The appearance of an annotation (§12.5.5), or the text that it holds when it has none.
    fn annotation(&mut self, annotation: &'a Dictionary) {
        let document = self.reader.document;
        let flags = get(document, annotation, "F").and_then(|flags| flags.as_i64().ok()).unwrap_or(0);
        let kind = name(document, annotation, "Subtype").unwrap_or_default();
        let is_off = annotation.get(b"OC").is_ok_and(|layer| self.reader.is_off(layer));
        if flags & (HIDDEN | NO_VIEW) != 0 || kind == b"Popup" || is_off {
            return;
        }
        let Some(rectangle) = get(document, annotation, "Rect").and_then(|rect| rectangle(document, rect)) else {
            return;
        };
        let appearance = dictionary(document, annotation, "AP").and_then(|all| get(document, all, "N"));
        let appearance = match appearance {
            Some(Object::Dictionary(states)) => name(document, annotation, "AS")
                .and_then(|state| states.get(state).ok())
                .map(|of| resolved(document, of)),
            other => other,
        };
        if let Some(Object::Stream(form)) = appearance {
            let matrix = numbers(document, &form.dict, "Matrix").map_or(Matrix::IDENTITY, Matrix);
            let drawn = numbers(document, &form.dict, "BBox").map(|of| matrix.bounds(of));
            let state = State::new(drawn.map_or(Matrix::IDENTITY, |drawn| Matrix::fitting(drawn, rectangle)));
            let before = self.pieces.len();
            self.form(form, None, state, 0);
            if self.pieces.len() > before {
                return;
            }
        }
        let said = match kind {
            b"Widget" => field_text(document, annotation),
            b"FreeText" => get(document, annotation, "Contents"),
            _ => None,
        };
        if let Some(said) = said.and_then(|said| decode_text_string(said).ok()) {
            let [left, bottom, ..] = rectangle;
            let pen = Pen::at(Matrix([1.0, 0.0, 0.0, 1.0, left, bottom]));
            self.pieces.extend(pen.piece(said.into(), 0.0));
        }
    }

    fn text(&mut self, string: Option<&Object>, pen: &mut Pen<'a>) {
        let (Some(Object::String(string, _)), Some(font)) = (string, pen.state.font.clone()) else { return };
        let off = pen.is_off();
        for glyph in font.glyphs(string) {
            self.reader.shown += 1;
            self.reader.unknown += usize::from(glyph.text.is_empty() && !off);
            let apart = pen.state.between_characters + if glyph.is_space { pen.state.between_words } else { 0.0 };
            let piece = if off { None } else { pen.piece(glyph.text, glyph.advance * pen.state.size + apart) };
            pen.move_by(if font.vertical { apart - pen.state.size } else { glyph.advance * pen.state.size + apart });
            self.pieces.extend(piece.filter(|piece| self.is_seen(piece)));
        }
    }

    fn is_seen(&self, piece: &Piece) -> bool {
        let Some([left, bottom, right, top]) = self.seen else { return true };
        let (x, y) = piece.middle();
        let margin = piece.height;
        (left - margin..=right + margin).contains(&x) && (bottom - margin..=top + margin).contains(&y)
    }
}

/// Where text is shown, and how.
struct Pen<'a> {
    state: State<'a>,
    line: Matrix,
    text: Matrix,
    kept: Vec<State<'a>>,
    marks: Vec<Mark>,
}

impl Pen<'_> {
    fn at(matrix: Matrix) -> Self {
        let (line, text) = (Matrix::IDENTITY, Matrix::IDENTITY);
        Self { state: State::new(matrix), line, text, kept: Vec::new(), marks: Vec::new() }
    }

    fn is_off(&self) -> bool {
        self.marks.iter().any(|mark| matches!(mark, Mark::Off))
    }

    fn begin_at(&mut self, matrix: Matrix) {
        (self.line, self.text) = (matrix, matrix);
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.begin_at(Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(&self.line));
    }

    /// Along the line, in units of text before it is scaled.
    fn move_by(&mut self, distance: f64) {
        let vertical = self.state.font.as_ref().is_some_and(|font| font.vertical);
        let (x, y) = if vertical { (0.0, distance) } else { (distance * self.state.scale, 0.0) };
        self.text = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(&self.text);
    }

    /// A piece of text at the pen, which will move by so much; none where it would have no size.
    fn piece(&self, text: Rc<str>, advance: f64) -> Option<Piece> {
        let whole = self.text.then(&self.state.matrix);
        let vertical = self.state.font.as_ref().is_some_and(|font| font.vertical);
        let ahead = if vertical { (0.0, -self.state.size) } else { (advance * self.state.scale, 0.0) };
        let start = whole.point(0.0, self.state.rise);
        let end = whole.point(ahead.0, ahead.1 + self.state.rise);
        let along = if vertical {
            whole.vector(0.0, -self.state.size)
        } else {
            whole.vector(self.state.size * self.state.scale, 0.0)
        };
        let up = if vertical { whole.vector(self.state.size, 0.0) } else { whole.vector(0.0, self.state.size) };
        let (width, height) = (along.0.hypot(along.1), up.0.hypot(up.1));
        let sized = width.is_finite() && height.is_finite() && width > 1e-6 && height > 1e-6;
        let placed = [start.0, start.1, end.0, end.1].iter().all(|place| place.is_finite());
        (sized && placed).then(|| {
            let sign = if self.state.size < 0.0 { -1.0 } else { 1.0 };
            let direction = (sign * along.0 / width, sign * along.1 / width);
            Piece { text, start, end, direction, width, height }
        })
    }
}

/// The bytes of a page's content streams, one after the other (§7.7.3.3), and whether all of them could be read.
fn contents(document: &Document, page: &Dictionary) -> (Vec<u8>, bool) {
    let streams: Vec<&Object> = match page.get(b"Contents").map(|object| resolved(document, object)) {
        Ok(Object::Array(all)) => all.iter().map(|object| resolved(document, object)).collect(),
        Ok(one) => vec![one],
        Err(_) => Vec::new(),
    };
    let (mut all, mut whole) = (Vec::new(), true);
    for object in streams {
        match object.as_stream().ok().and_then(|stream| bytes(document, stream)) {
            Some(part) => {
                all.extend(part);
                all.push(b'\n');
            }
            None => whole = false,
        }
    }
    (all, whole)
}

/// What a page says, or the part of the tree that it stands in (§7.7.3.4).
fn inherited<'a>(document: &'a Document, page: &'a Dictionary, key: &str) -> Option<&'a Object> {
    let mut node = page;
    for _ in 0..MAX_FIELD_PARENTS {
        if let Some(found) = get(document, node, key) {
            return Some(found);
        }
        node = dictionary(document, node, "Parent")?;
    }
    None
}

/// The text of a field, which may stand with the field that it is a part of (§12.7.3.1, §12.7.4.3); nobody sees a password.
fn field_text<'a>(document: &'a Document, widget: &'a Dictionary) -> Option<&'a Object> {
    const PASSWORD: i64 = 1 << 13;
    let flags = inherited(document, widget, "Ff").and_then(|flags| flags.as_i64().ok()).unwrap_or(0);
    let kind = inherited(document, widget, "FT")?.as_name().ok()?;
    let is_text = matches!(kind, b"Tx" | b"Ch") && flags & PASSWORD == 0;
    inherited(document, widget, "V").filter(|_| is_text)
}

/// Left, bottom, right and top, whatever corners are said.
fn rectangle(document: &Document, said: &Object) -> Option<[f64; 4]> {
    let corners: Vec<f64> = said.as_array().ok()?.iter().filter_map(|one| number(resolved(document, one))).collect();
    let [a, b, c, d] = corners.try_into().ok()?;
    Some([f64::min(a, c), f64::min(b, d), f64::max(a, c), f64::max(b, d)])
}

fn layers_off(document: &Document) -> HashSet<ObjectId> {
    let properties = document.catalog().ok().and_then(|catalog| dictionary(document, catalog, "OCProperties"));
    let Some(usual) = properties.and_then(|of| dictionary(document, of, "D")) else { return HashSet::new() };
    let ids = |from: Option<&'_ Dictionary>, key: &str| -> Vec<ObjectId> {
        let all = from.and_then(|from| array(document, from, key)).unwrap_or_default();
        all.iter().filter_map(|layer| layer.as_reference().ok()).collect()
    };
    let mut off: HashSet<ObjectId> = ids(Some(usual), "OFF").into_iter().collect();
    if name(document, usual, "BaseState") == Some(b"OFF") {
        let on = ids(Some(usual), "ON");
        off.extend(ids(properties, "OCGs").into_iter().filter(|layer| !on.contains(layer)));
    }
    off
}

//! A code as a picture: each sign is turned, leant, bent and moved at random, some touch, and a wave runs through them.
//! Two or three curves of the same pen cross them: one as dark as the signs, the others paler than what they cross. So
//! no outline comes twice, and no threshold separates signs from noise.
//!
//! Dark on light in every theme: the background is part of the picture. It holds no metadata.

use std::f32::consts::TAU;

use rand::Rng;

use super::glyphs::{LENGTH, Point, Stroke, strokes};

/// Width of the picture in pixels.
pub const WIDTH: u32 = 280;
/// Height of the picture in pixels.
pub const HEIGHT: u32 = 96;

const COLUMNS: usize = WIDTH as usize;
const ROWS: usize = HEIGHT as usize;
/// Free space on each side of the signs, in pixels, so that the wave and the pen stay inside the picture.
const MARGIN: f32 = 12.0;
/// Pieces that a straight line or a span of a curve is cut into, so that it can be bent.
const PIECES: usize = 8;

/// A line of points, straight from one to the next.
type Path = Vec<Point>;

/// The code as a PNG in shades of grey, [`WIDTH`] × [`HEIGHT`], of about 5 kB. Signs outside the alphabet are skipped,
/// and so is what comes after the first [`LENGTH`] signs: a code has no more.
pub fn draw(code: &str, rng: &mut impl Rng) -> Vec<u8> {
    let pen = rng.random_range(2.6..3.2);
    let mut paths = signs(code, rng);
    let wave = Wave::new(rng);
    paths.iter_mut().flatten().for_each(|point| *point = wave.bend(*point));
    let mut ink = Ink::blank();
    ink.pen(&paths, pen);
    let dark = crossing(&ink, rng);
    ink.pen(&[dark], pen);
    let mut light = Ink::blank();
    for _ in 0..rng.random_range(1..=2) {
        light.pen(&[crossing(&ink, rng)], pen);
    }
    let strength = rng.random_range(0.4..0.55);
    ink.0.iter_mut().zip(&light.0).for_each(|(ink, light)| *ink *= 1.0 - strength * light);
    speckle(&mut ink, rng);
    let (paper, black) = (rng.random_range(238.0..252.0), rng.random_range(25.0..60.0));
    let pixels: Vec<u8> = ink.0.iter().map(|cover| (paper + (black - paper) * cover) as u8).collect();
    // Can't fail: a Vec takes everything, and there are always as many pixels as the header says.
    encode(&pixels).expect("a picture of a fixed size is a PNG")
}

fn encode(pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::with_capacity(8 * 1024);
    let mut encoder = png::Encoder::new(&mut file, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(file)
}

/// The signs side by side, so close that the pen joins some, the row somewhere in the picture.
fn signs(code: &str, rng: &mut impl Rng) -> Vec<Path> {
    let mut placed = Vec::<Path>::new();
    let mut edge = 0.0;
    for strokes in code.chars().filter_map(strokes).take(LENGTH) {
        let sign = write(strokes, rng);
        let (left, right) = extent(&sign);
        let shift = edge - left + rng.random_range(6.0..11.0);
        edge = right + shift;
        placed.extend(sign.into_iter().map(|path| path.into_iter().map(|(x, y)| (x + shift, y)).collect::<Path>()));
    }
    let room = WIDTH as f32 - 2.0 * MARGIN;
    let (left, right) = extent(&placed);
    let narrower = (room / (right - left).max(1.0)).min(1.0);
    let start = MARGIN + rng.random_range(0.0..=1.0) * (room - (right - left) * narrower).max(0.0);
    placed.iter_mut().flatten().for_each(|point| point.0 = start + (point.0 - left) * narrower);
    placed
}

/// One sign around x = 0 and the middle of the picture's height, in pixels, by an unsteady hand.
fn write(strokes: &[Stroke], rng: &mut impl Rng) -> Vec<Path> {
    let height = rng.random_range(52.0..59.0);
    let width = height * rng.random_range(1.0..1.2);
    let lean = rng.random_range(-0.14..0.14);
    let (sin, cos) = (rng.random_range(-10.0..10.0) + rng.random_range(-10.0..10.0_f32)).to_radians().sin_cos();
    let middle = HEIGHT as f32 / 2.0 + rng.random_range(-5.0..5.0);
    // The hand shakes by a smooth field, not point by point, so that strokes that meet still meet.
    let shake: [f32; 4] = std::array::from_fn(|_| rng.random_range(0.0..TAU));
    let strength = rng.random_range(0.015..0.032);
    let place = |(x, y): Point| {
        let across = x + strength * ((5.0 * y + shake[0]).sin() + (6.0 * x + 3.0 * y + shake[1]).sin());
        let down = y + strength * ((6.0 * x + shake[2]).sin() + (5.0 * y - 4.0 * x + shake[3]).sin());
        let (x, y) = ((across - 0.3) * width, (down - 0.5) * height);
        let x = x - lean * y;
        (x * cos - y * sin, x * sin + y * cos + middle)
    };
    strokes.iter().map(|stroke| points(stroke).into_iter().map(place).collect()).collect()
}

/// The points along a stroke, close enough together to be bent.
fn points(stroke: &Stroke) -> Path {
    let (knots, curved) = match stroke {
        Stroke::Lines(knots) => (*knots, false),
        Stroke::Curve(knots) => (*knots, true),
    };
    let mut path = Path::from_iter(knots.first().copied());
    for (index, pair) in knots.windows(2).enumerate() {
        // At the ends of a curve the end itself takes the place of the missing neighbour.
        let before = knots[index.saturating_sub(1)];
        let after = knots.get(index + 2).copied().unwrap_or(pair[1]);
        path.extend((1..=PIECES).map(|piece| {
            let t = piece as f32 / PIECES as f32;
            let along = |[a, b, c, d]: [f32; 4]| {
                if !curved {
                    return b + t * (c - b);
                }
                let (velocity, bend, twist) = (c - a, 2.0 * a - 5.0 * b + 4.0 * c - d, 3.0 * (b - c) + d - a);
                b + 0.5 * t * (velocity + t * (bend + t * twist))
            };
            (along([before.0, pair[0].0, pair[1].0, after.0]), along([before.1, pair[0].1, pair[1].1, after.1]))
        }));
    }
    path
}

/// Leftmost and rightmost x; the middle of the picture twice when there is nothing.
fn extent(paths: &[Path]) -> (f32, f32) {
    let across = || paths.iter().flatten().map(|point| point.0);
    match (across().reduce(f32::min), across().reduce(f32::max)) {
        (Some(left), Some(right)) => (left, right),
        _ => (WIDTH as f32 / 2.0, WIDTH as f32 / 2.0),
    }
}

/// The wave that runs through the whole row.
struct Wave {
    down: [f32; 3],
    across: [f32; 3],
}

impl Wave {
    /// Amplitude in pixels, pixels to a turn, and where it begins, for each direction.
    fn new(rng: &mut impl Rng) -> Self {
        Self {
            down: [rng.random_range(3.0..5.5), rng.random_range(85.0..170.0), rng.random_range(0.0..TAU)],
            across: [rng.random_range(1.0..2.5), rng.random_range(50.0..90.0), rng.random_range(0.0..TAU)],
        }
    }

    fn bend(&self, (x, y): Point) -> Point {
        let swing = |[amplitude, turn, begin]: [f32; 3], at: f32| amplitude * (TAU * at / turn + begin).sin();
        (x + swing(self.across, y), y + swing(self.down, x))
    }
}

/// A curve from one side to the other. It must cross the signs, not run along their strokes, where it would add or hide
/// one: of a few random curves, the one whose longest stretch on ink is the shortest.
fn crossing(signs: &Ink, rng: &mut impl Rng) -> Path {
    let on_ink = |(x, y): Point| signs.0.get(y as usize * COLUMNS + x as usize).is_some_and(|cover| *cover > 0.5);
    let longest = |curve: &Path| {
        let (mut run, mut longest) = (0, 0);
        for point in curve {
            run = if on_ink(*point) { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        longest
    };
    let curves = (0..8).map(|_| {
        let (swing, turn) = (rng.random_range(18.0..27.0), rng.random_range(150.0..220.0));
        let (middle, begin) = (HEIGHT as f32 / 2.0 + rng.random_range(-8.0..8.0), rng.random_range(0.0..TAU));
        (0..WIDTH).step_by(2).map(|x| (x as f32, middle + swing * (TAU * x as f32 / turn + begin).sin())).collect()
    });
    curves.min_by_key(longest).unwrap_or_default()
}

/// Dust: small dark grains, and light ones that cut into the strokes.
fn speckle(ink: &mut Ink, rng: &mut impl Rng) {
    for _ in 0..rng.random_range(40..70) {
        let at = (rng.random_range(0.0..WIDTH as f32), rng.random_range(0.0..HEIGHT as f32));
        ink.draw(at, at, rng.random_range(0.5..1.1));
    }
    for _ in 0..rng.random_range(250..400) {
        let (column, row) = (rng.random_range(0..COLUMNS), rng.random_range(0..ROWS));
        ink.0[row * COLUMNS + column] *= rng.random_range(0.3..0.8);
    }
}

/// How much of each pixel is inked, from 0 to 1, row by row.
struct Ink(Vec<f32>);

impl Ink {
    fn blank() -> Self {
        Self(vec![0.0; COLUMNS * ROWS])
    }

    fn pen(&mut self, paths: &[Path], pen: f32) {
        paths.iter().flat_map(|path| path.windows(2)).for_each(|line| self.draw(line[0], line[1], pen));
    }

    /// Inks what is nearer than `pen` to the line, with a soft edge one pixel wide.
    fn draw(&mut self, from: Point, to: Point, pen: f32) {
        let reach = pen + 1.0;
        // Casting a float to usize keeps it in range: what is outside the picture is cut off.
        let span = |a: f32, b: f32, end: usize| {
            let first = (a.min(b) - reach).floor() as usize;
            first.min(end)..((a.max(b) + reach).ceil() as usize).min(end)
        };
        let along = (to.0 - from.0, to.1 - from.1);
        // Squared, and never 0: a line may be a point.
        let length = (along.0 * along.0 + along.1 * along.1).max(f32::EPSILON);
        for row in span(from.1, to.1, ROWS) {
            for column in span(from.0, to.0, COLUMNS) {
                let here = (column as f32 + 0.5 - from.0, row as f32 + 0.5 - from.1);
                let t = ((here.0 * along.0 + here.1 * along.1) / length).clamp(0.0, 1.0);
                let apart = (here.0 - t * along.0, here.1 - t * along.1);
                let distance = (apart.0 * apart.0 + apart.1 * apart.1).sqrt();
                let cover = (pen + 0.5 - distance).clamp(0.0, 1.0);
                let pixel = &mut self.0[row * COLUMNS + column];
                *pixel = pixel.max(cover);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;
    use crate::captcha::code;

    fn decoded(file: &[u8]) -> Vec<u8> {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height, info.color_type), (WIDTH, HEIGHT, png::ColorType::Grayscale));
        pixels
    }

    /// The types of the file's chunks, in order.
    fn chunks(file: &[u8]) -> Vec<String> {
        let mut rest = &file[8..];
        let mut types = vec![];
        while let [a, b, c, d, kind @ ..] = rest {
            types.push(String::from_utf8(kind[..4].to_vec()).unwrap());
            rest = &kind[4 + u32::from_be_bytes([*a, *b, *c, *d]) as usize + 4..];
        }
        types
    }

    #[test]
    fn k7_an_image_is_a_png_that_differs_each_time() {
        let mut rng = StdRng::seed_from_u64(7);
        let files: Vec<Vec<u8>> = (0..20).map(|_| draw("K7M2W", &mut rng)).collect();
        let pictures: Vec<Vec<u8>> = files.iter().map(|file| decoded(file)).collect();
        for file in &files {
            assert!(file.len() < 12 * 1024, "{} bytes", file.len());
            // No text, no time: nothing but the pixels speaks of the code.
            assert_eq!(chunks(file), ["IHDR", "IDAT", "IEND"]);
        }
        let is_dark = |pixel: &u8| *pixel < 128;
        for (index, one) in pictures.iter().enumerate() {
            for other in &pictures[..index] {
                let dark = one.iter().chain(other).filter(|pixel| is_dark(pixel)).count();
                let differ = one.iter().zip(other).filter(|(a, b)| is_dark(a) != is_dark(b)).count();
                assert!(differ * 2 > dark, "less than half of the ink lies elsewhere: {differ} of {dark}");
            }
        }
    }

    #[test]
    fn k7_signs_are_dark_on_light() {
        let mut rng = StdRng::seed_from_u64(58);
        // Relative luminance as WCAG 2.2 defines it; 7:1 is its contrast for those who see little (1.4.6).
        let luminance = |grey: u8| ((f32::from(grey) / 255.0 + 0.055) / 1.055).powf(2.4);
        for _ in 0..40 {
            let mut pixels = decoded(&draw(&code(&mut rng), &mut rng));
            pixels.sort_unstable();
            let (ink, paper) = (pixels[pixels.len() / 20], pixels[pixels.len() / 2]);
            assert!((luminance(paper) + 0.05) / (luminance(ink) + 0.05) > 7.0, "{ink} on {paper}");
        }
    }

    #[test]
    fn k7_each_sign_stays_inside_the_picture() {
        let mut rng = StdRng::seed_from_u64(260);
        for index in 0..1_000 {
            let code = if index % 10 == 0 { "WMWMW".to_owned() } else { code(&mut rng) };
            let (paths, wave) = (signs(&code, &mut rng), Wave::new(&mut rng));
            for (x, y) in paths.into_iter().flatten().map(|point| wave.bend(point)) {
                assert!(
                    (3.0..WIDTH as f32 - 3.0).contains(&x) && (0.0..HEIGHT as f32).contains(&y),
                    "{code}: {x}, {y}"
                );
            }
        }
    }

    #[test]
    fn k7_what_has_no_sign_is_skipped() {
        let mut rng = StdRng::seed_from_u64(0);
        for code in ["", " ", "é🙂\0", "oOiI", &"K7M2W".repeat(10_000)] {
            decoded(&draw(code, &mut rng));
        }
    }
}

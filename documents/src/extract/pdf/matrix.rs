//! Transformations of the plane (ISO 32000-1 §8.3.3).

use lopdf::Object;

use super::object::number;

/// `[a b c d e f]`: x' = ax + cy + e, y' = bx + dy + f.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn of(operands: &[Object]) -> Option<Self> {
        let all: Vec<f64> = operands.iter().filter_map(number).collect();
        all.try_into().ok().map(Self)
    }

    /// This one first, then the other.
    pub(super) fn then(&self, other: &Self) -> Self {
        let of = &self.0;
        let (right, up) = (other.vector(of[0], of[1]), other.vector(of[2], of[3]));
        let origin = other.point(of[4], of[5]);
        Self([right.0, right.1, up.0, up.1, origin.0, origin.1])
    }

    pub(super) fn point(&self, x: f64, y: f64) -> (f64, f64) {
        let moved = self.vector(x, y);
        (moved.0 + self.0[4], moved.1 + self.0[5])
    }

    pub(super) fn vector(&self, x: f64, y: f64) -> (f64, f64) {
        (self.0[0] * x + self.0[2] * y, self.0[1] * x + self.0[3] * y)
    }

    /// The rectangle around a rectangle that was transformed.
    pub(super) fn bounds(&self, [left, bottom, right, top]: [f64; 4]) -> [f64; 4] {
        let corners = [(left, bottom), (right, bottom), (left, top), (right, top)].map(|(x, y)| self.point(x, y));
        let fold = |of: fn(f64, f64) -> f64, side: fn(&(f64, f64)) -> f64| {
            corners.iter().map(side).reduce(of).unwrap_or_default()
        };
        [fold(f64::min, |c| c.0), fold(f64::min, |c| c.1), fold(f64::max, |c| c.0), fold(f64::max, |c| c.1)]
    }

    /// Moves and stretches one rectangle onto another.
    pub(super) fn fitting(from: [f64; 4], onto: [f64; 4]) -> Self {
        let stretch = |low: usize| {
            let (wide, aimed) = (from[low + 2] - from[low], onto[low + 2] - onto[low]);
            if wide.abs() < 1e-6 { 1.0 } else { aimed / wide }
        };
        let (x, y) = (stretch(0), stretch(1));
        Self([x, 0.0, 0.0, y, onto[0] - from[0] * x, onto[1] - from[1] * y])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g3_an_appearance_is_fitted_onto_its_place() {
        let turned = Matrix([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]);
        let drawn = turned.bounds([0.0, 0.0, 10.0, 2.0]);
        assert_eq!(drawn.map(f64::round).map(|side| side as i32), [-2, 0, 0, 10]);
        let fitted = Matrix::fitting(drawn, [100.0, 200.0, 104.0, 210.0]);
        assert_eq!(turned.then(&fitted).point(10.0, 2.0), (100.0, 210.0));
    }
}

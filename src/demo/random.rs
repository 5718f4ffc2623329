//! The demonstration's own random generator. It is written out here, not taken from a crate, so that a seed gives the
//! same set with every later version of the program. Never use it for a secret.

/// The purpose of a draw: each has its own stream, so that a change in one leaves the others unchanged.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Identity = 1,
    Parcours,
    Prose,
    File,
    Annonce,
    Gestionnaire,
    Thread,
    Interventions,
    Adresse,
    Absences,
    Civil,
}

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
#[derive(Clone, Debug)]
pub(super) struct Random {
    state: u64,
}

impl Random {
    /// The stream of one purpose for one number of the set.
    pub(super) fn new(seed: u64, purpose: Purpose, number: usize) -> Self {
        let mut random = Self {
            state: mix(seed)
                ^ mix((purpose as u64) << 56 | 0x5EED)
                ^ mix((number as u64).wrapping_mul(0x2545_F491_4F6C_DD1D)),
        };
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.state)
    }

    /// A number from 0 to `bound - 1`; 0 when there is no choice.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        // The bias of the remainder is under 2^-40 for any bound used here.
        match bound {
            0 | 1 => 0,
            _ => (self.next() % bound as u64) as usize,
        }
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1).max(1) as usize) as i32
    }

    /// True `percent` times in a hundred.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `items`, which must not be empty.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// One of weighted items, which must not be empty.
    pub(super) fn weighted<T: Copy>(&mut self, items: &[(T, usize)]) -> T {
        let total: usize = items.iter().map(|(_, weight)| weight).sum();
        let mut left = self.below(total);
        for (item, weight) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        items[0].0
    }

    /// `count` different items (all of them when there are fewer), in a random order.
    pub(super) fn sample<T: Clone>(&mut self, items: &[T], count: usize) -> Vec<T> {
        let mut deck = items.to_vec();
        self.shuffle(&mut deck);
        deck.truncate(count);
        deck
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

fn mix(value: u64) -> u64 {
    let mut mixed = value;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

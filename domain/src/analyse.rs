//! What an antivirus says of a received file, and when it is asked again.

use crate::compte::words;

words! {
    /// Where the analysis of a file stands.
    EtatAnalyse {
        /// It was not looked at yet.
        Attente = "attente",
        /// Nothing was found in it.
        Sain = "sain",
        /// Something was: nobody but its owner gets it any more.
        Infecte = "infecte",
    }
}

/// Seconds to the next try after that many tries that came to nothing: from half a minute to an hour, without end.
pub fn seconds_to_next_try(tentatives: i32) -> i64 {
    (30_i64 << tentatives.clamp(1, 8).saturating_sub(1)).min(3_600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_a_file_that_can_t_be_analysed_is_tried_again_ever_more_rarely_and_always() {
        let waits: Vec<i64> = (1..=9).map(seconds_to_next_try).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
        assert_eq!((seconds_to_next_try(0), seconds_to_next_try(i32::MAX)), (30, 3_600));
    }
}

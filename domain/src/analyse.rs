//! What an antivirus says of a received file.

use crate::compte::words;

words! {
    /// Where the analysis of a file stands.
    EtatAnalyse {
        /// It was not looked at yet.
        Attente = "attente",
        /// Nothing was found in it.
        Sain = "sain",
        /// Something was found: nobody but its owner gets the file any more.
        Infecte = "infecte",
    }
}

//! What the people of a structure work on together (SPEC G2, M8, S8).

use crate::compte::words;

words! {
    /// What colleagues see somebody working on.
    Travail {
        Inscription = "inscription",
        Message = "message",
        /// The answer to a message, being written.
        Reponse = "reponse",
        Demande = "demande",
    }
}

words! {
    /// What a note may be about.
    Annotable {
        /// A message that the structure received or sent.
        Message = "message",
        Demande = "demande",
    }
}

//! Files that a person attaches to their profile, and how far their text is read (SPEC G3).

use crate::compte::words;

words! {
    /// What the search knows of a file's text.
    EtatLecture {
        ALire = "a_lire",
        /// All of it.
        Lu = "lu",
        /// A part: the rest is a picture, is damaged or lies beyond the bound.
        Partiel = "partiel",
        /// Pages that are pictures wait to be recognised; what else there is was read.
        AReconnaitre = "a_reconnaitre",
        /// Pages were pictures and were recognised by a program, which may be mistaken.
        Reconnu = "reconnu",
        /// It opens and has no text: pictures, or nothing.
        SansTexte = "sans_texte",
        Illisible = "illisible",
    }
}

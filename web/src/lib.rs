//! Pages, JSON and the live socket

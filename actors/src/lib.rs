//! The actors that follow the journal

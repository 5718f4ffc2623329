//! Logs which SQL statements are slow: the first question when a server is busy and nobody knows why.
//!
//! Only the text of a statement is logged, never its values: they may be somebody's name or number.

use std::time::{Duration, Instant};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

/// A statement that takes longer is logged: a person notices it, and so do those who wait for its connection.
const SLOW: Duration = Duration::from_millis(500);
/// Characters of a statement that are logged; a long one is a list of placeholders.
const SAID_MAX: usize = 600;

/// Watches every connection that is opened from now on, of both engines.
pub(crate) fn watch() {
    // Refused only when the lock of this setting is poisoned: nobody holds it for longer than an assignment.
    if let Err(error) = set_default_instrumentation(|| Some(Box::new(SlowStatements::default()))) {
        tracing::warn!(%error, "slow statements will not be said");
    }
}

/// Times the statements of one connection, which runs one at a time.
#[derive(Debug, Default)]
struct SlowStatements {
    began: Option<Instant>,
}

impl Instrumentation for SlowStatements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => self.began = Some(Instant::now()),
            InstrumentationEvent::FinishQuery { query, .. } => {
                if let Some(took) = self.began.take().map(|began| began.elapsed()).filter(|took| *took >= SLOW) {
                    tracing::warn!(
                        ms = took.as_millis() as u64,
                        statement = text(&query.to_string()),
                        "a slow statement"
                    );
                }
            }
            _ => {}
        }
    }
}

/// The statement as diesel writes it, without its values.
fn text(said: &str) -> String {
    let text = said.split(" -- binds").next().unwrap_or_default();
    match text.char_indices().nth(SAID_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sqlite::Sqlite;

    use super::*;
    use crate::schema::session;

    #[test]
    fn q7_a_slow_statement_is_said_without_what_it_was_asked_with() {
        let one = session::table.filter(session::empreinte.eq("293054588 -- binds")).select(session::id);
        let said = diesel::debug_query::<Sqlite, _>(&one).to_string();
        assert!(said.contains("293054588"), "{said}");
        let text = text(&said);
        assert!(text.starts_with("SELECT `session`.`id`") && text.ends_with("= ?)"), "{text}");
    }

    #[test]
    fn q10_a_long_statement_is_cut() {
        let ids: Vec<i64> = (0..5_000).collect();
        let many = session::table.filter(session::id.eq_any(&ids)).select(session::id);
        let text = text(&diesel::debug_query::<Sqlite, _>(&many).to_string());
        assert_eq!(text.chars().count(), SAID_MAX + 1, "{text}");
    }
}

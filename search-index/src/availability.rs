//! The one filter that compares pairs of values: who is away on a given day.

use chrono::NaiveDate;
use tantivy::query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{BitSet, DocId, DocSet, Score, SegmentReader, TantivyError};

use crate::schema::day;

/// Documents with a period of unavailability that holds the day.
#[derive(Debug, Clone)]
pub(crate) struct AwayOn(pub NaiveDate);

impl Query for AwayOn {
    fn weight(&self, _enable_scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AwayWeight(day(self.0))))
    }
}

struct AwayWeight(i64);

impl Weight for AwayWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let from = reader.fast_fields().i64("indisponible_du")?;
        let to = reader.fast_fields().i64("indisponible_au")?;
        let mut away = BitSet::with_max_value(reader.max_doc());
        // Both columns get their values together, in the same order.
        let mut documents: Vec<DocId> = Vec::new();
        from.get_docids_for_value_range(i64::MIN..=self.0, 0..reader.max_doc(), &mut documents);
        documents.dedup();
        for document in documents {
            if from
                .values_for_doc(document)
                .zip(to.values_for_doc(document))
                .any(|(du, au)| du <= self.0 && self.0 <= au)
            {
                away.insert(document);
            }
        }
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(away), boost)))
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        if self.scorer(reader, 1.0)?.seek(document) == document {
            Ok(Explanation::new("away on that day", 1.0))
        } else {
            Err(TantivyError::InvalidArgument("this document is not away on that day".to_owned()))
        }
    }
}

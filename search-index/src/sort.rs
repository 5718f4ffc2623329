//! What results are sorted by when it is not how well they answer.

use tantivy::Order;
use tantivy::collector::sort_key::SortByStaticFastValue;

pub(crate) fn number(column: &str) -> SortByStaticFastValue<i64> {
    SortByStaticFastValue::for_field(column)
}

/// Equals stand in the order of their ids: where their documents lie in the index changes under whoever turns pages.
pub(crate) fn then_by_id<Key>(key: Key, order: Order) -> ((Key, Order), (SortByStaticFastValue<i64>, Order)) {
    ((key, order), (number("id"), Order::Asc))
}

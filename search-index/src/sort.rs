//! How results are sorted, when it is not by relevance.

use tantivy::Order;
use tantivy::collector::sort_key::SortByStaticFastValue;

pub(crate) fn number(column: &str) -> SortByStaticFastValue<i64> {
    SortByStaticFastValue::for_field(column)
}

/// Equal keys are sorted by id: the places of documents in the index may change between two pages.
pub(crate) fn then_by_id<Key>(key: Key, order: Order) -> ((Key, Order), (SortByStaticFastValue<i64>, Order)) {
    ((key, order), (number("id"), Order::Asc))
}

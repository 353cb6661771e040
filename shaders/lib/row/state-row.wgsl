// The kernel folds one row of logits.
alias State = Row;

fn state_empty() -> Row { return row_empty(); }

fn state_merge(a: ptr<function, Row>, b: Row) { row_merge(a, b); }

fn state_begin(place: RowItem) { extra_begin(place); }

fn state_sweep(place: RowItem) -> Row { return row_sweep(place); }

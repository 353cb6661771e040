// A room that a lower one must not read.

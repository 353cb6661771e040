// Rows that start or end anywhere: a quad is four loads or stores.

alias Words = u32;

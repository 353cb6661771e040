// Rows whose every part starts and ends on a multiple of four values: one load or store a quad.

alias Words = vec4<u32>;

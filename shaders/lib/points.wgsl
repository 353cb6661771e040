// Four points at once, one a lane: vector c holds their coordinates c. In front of this: D, the number of coordinates. A name, because
// Naga takes an array by its name and one without for two types.

alias Points = array<vec4<f32>, D>;

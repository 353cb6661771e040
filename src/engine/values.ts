/** Values of a tensor: an array of its dtype. */
export type Values = Float32Array | Uint32Array | Int32Array;

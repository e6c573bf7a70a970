/** The camera that all teachers of `make bench-links` have: 1280 x 720, with as much to encode as a real one. */
export const CAMERA = { scale: 2, grain: true };

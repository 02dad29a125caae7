import type { Layer } from './layer.ts';

/** A layer that does nothing: what layers with calls of their own do with all others. */
export const passThrough: Layer = {
  touches: () => false,
  answer: (_call, next) => next(),
  stream: (_call, next) => next(),
};

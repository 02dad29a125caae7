import { frameBound, frameCompressor } from './frame-coder.ts';

const SAMPLES = 16;
const SAMPLE_BYTES = 4096;
/** Below this, compressing costs no more than asking. */
const ASKED_BYTES = 4 * SAMPLES * SAMPLE_BYTES;

/** Tells by samples whether compressing would gain anything: films, pictures and archives are stored as they are. */
export function compressibilityTest(level: number): (plain: Uint8Array) => boolean {
  const compress = frameCompressor(level);
  const sample = new Uint8Array(SAMPLES * SAMPLE_BYTES);
  const frame = new Uint8Array(frameBound(sample.length));
  return (plain) => {
    if (plain.length < ASKED_BYTES) return true;
    const step = Math.floor((plain.length - SAMPLE_BYTES) / (SAMPLES - 1));
    for (let index = 0; index < SAMPLES; index++) {
      sample.set(plain.subarray(index * step, index * step + SAMPLE_BYTES), index * SAMPLE_BYTES);
    }
    // One sample in sixteen that shrinks by a third gives more than this.
    return compress(sample, frame) < sample.length * 0.98;
  };
}

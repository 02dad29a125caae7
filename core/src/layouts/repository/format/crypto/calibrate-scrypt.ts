import type { Clock } from '../../../../environment/clock.ts';
import { deriveKey, type ScryptParameters } from './derive-key.ts';

/** 32 MiB, below the 60 MB that restic allows itself, so that small machines can open what a large one made. */
const base: ScryptParameters = { n: 32_768, r: 8, p: 1 };
const MAX_PASSES = 16;

/** Parameters that take this machine about `targetMs`, and never less than one pass over 32 MiB. */
export async function calibrateScrypt(clock: Pick<Clock, 'monotonicMs'>, targetMs = 500): Promise<ScryptParameters> {
  const started = clock.monotonicMs();
  await deriveKey('calibration', new Uint8Array(64), base);
  const passMs = Math.max(1, clock.monotonicMs() - started);
  return { ...base, p: Math.max(1, Math.min(MAX_PASSES, Math.floor(targetMs / passMs))) };
}

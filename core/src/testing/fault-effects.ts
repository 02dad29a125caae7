import type { Clock } from '../environment/clock.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import type { Call } from '../layers/layer.ts';
import type { FaultEffect } from './fault-script.ts';

/** What happens instead of the call, or before it. */
export async function before(
  effect: FaultEffect | undefined,
  call: Pick<Call, 'name' | 'key' | 'signal'>,
  clock: Clock,
): Promise<void> {
  if (effect?.kind === 'error') {
    const { code, retryAfterMs } = effect;
    throw new HoldfastError(code, `Fault: ${call.name} "${call.key}" failed.`, {
      path: call.key,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  if (effect?.kind === 'slow') await clock.sleep(effect.ms, call.signal);
  if (effect?.kind === 'hang') await untilAborted(call.signal);
}

export function after(effect: FaultEffect | undefined, call: Pick<Call, 'name' | 'key'>): void {
  if (effect?.kind !== 'error-after') return;
  throw new HoldfastError(effect.code, `Fault: ${call.name} "${call.key}" was done, but its answer is lost.`, { path: call.key });
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted === true) reject(signal.reason as Error);
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

import type { MessageEvent } from '../contracts/events.ts';
import type { HoldfastError } from '../errors/holdfast-error.ts';

/** What an error says, as an event: an `error` ends the run, a `warning` does not. */
export function toMessageEvent(error: HoldfastError, type: MessageEvent['type'] = 'error'): MessageEvent {
  const { code, message, hint, path } = error;
  return { type, code, message, hint, ...(path === undefined ? {} : { path }) };
}

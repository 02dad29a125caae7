import type { Failure } from '../protocol.ts';

/** An error as plain data, because its class and fields do not survive the way between threads. */
export function toFailure(error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const code = name === 'HoldfastError' ? (error as { code: string }).code : 'internal';
  return { code, message };
}

import { randomBytes, randomUUID } from 'node:crypto';

/** Chance, injected so that tests can replay it. */
export interface Random {
  /** At least 0, below 1. */
  fraction(): number;
  /** Lowercase hexadecimal digits of `bytes` random bytes. */
  hex(bytes: number): string;
  uuid(): string;
}

export const systemRandom: Random = {
  fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  hex: (bytes) => randomBytes(bytes).toString('hex'),
  uuid: () => randomUUID(),
};

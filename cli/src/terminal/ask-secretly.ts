import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { HoldfastError } from '@holdfast/core';

/** What a person types at `question`, which the terminal does not show. Rejects with `interrupted` where nothing is typed. */
export async function askSecretly(question: string, input: ReadStream, output: NodeJS.WritableStream): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: unseen, terminal: true });
  output.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      const give = (): void => reject(new HoldfastError('interrupted', 'No password was typed.'));
      reader.once('SIGINT', give).once('close', give);
      reader.question('', resolve);
    });
  } finally {
    reader.close();
    output.write('\n');
  }
}

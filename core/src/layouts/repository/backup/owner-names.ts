import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Names of users and groups of this machine, as getpwuid(3) and getgrgid(3) tell them; '' for an id without one. */
export class OwnerNames {
  readonly #users: Map<number, string>;
  readonly #groups: Map<number, string>;

  private constructor(users: Map<number, string>, groups: Map<number, string>) {
    this.#users = users;
    this.#groups = groups;
  }

  /** Reads the files of passwd(5) and group(5), which hold most of them. */
  static async read(): Promise<OwnerNames> {
    return new OwnerNames(...(await Promise.all([readNames('/etc/passwd'), readNames('/etc/group')])));
  }

  /** Whether both are known, so that `user` and `group` can tell them. */
  knows(uid: number, gid: number): boolean {
    return this.#users.has(uid) && this.#groups.has(gid);
  }

  /** Asks the system's name service, which has more than the files, for what is not known yet. */
  async learn(uid: number, gid: number): Promise<void> {
    if (!this.#users.has(uid)) this.#users.set(uid, await askName('passwd', uid));
    if (!this.#groups.has(gid)) this.#groups.set(gid, await askName('group', gid));
  }

  user(uid: number): string {
    return this.#users.get(uid) ?? '';
  }

  group(gid: number): string {
    return this.#groups.get(gid) ?? '';
  }
}

/** Names by id; of several the first, as the C library has it. */
async function readNames(file: string): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  const text = await readFile(file, 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    const [name = '', , id = ''] = line.split(':');
    if (name !== '' && /^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

/** getent(1) asks LDAP and what else is configured. Where there is no such program there are the files only. */
function askName(table: 'passwd' | 'group', id: number): Promise<string> {
  return new Promise((resolve) => {
    execFile('getent', [table, String(id)], { timeout: 10_000 }, (error, printed) =>
      resolve(error === null ? (printed.split(':')[0] ?? '') : ''),
    );
  });
}

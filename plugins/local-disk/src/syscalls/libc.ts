import koffi from 'koffi';
import type { LibraryHandle } from 'koffi';
import type { CallName } from './call-table.ts';
import { withFaults, withFaultsAsync } from './fault-hooks.ts';

/** glibc, then musl by its two common names. */
const CANDIDATES = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1', 'libc.so'];

function loadLibc(): LibraryHandle {
  const failures: string[] = [];
  for (const name of CANDIDATES) {
    try {
      return koffi.load(name);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`Cannot load the C library: ${failures.join('; ')}. Local disks need Linux with glibc or musl.`);
}

const libc = loadLibc();

/** Number of a system call (asm/unistd.h); those since Linux 5.1 have one number everywhere. */
export type SyscallNumber = number | { x64: number; arm64: number };

/** Result type, name and parameters of a C prototype such as `int openat(int, void*, int, unsigned int)`. */
function parsePrototype(prototype: string): { result: string; symbol: string; parameters: string[] } {
  const parts = /^(.+?)\s*\b(\w+)\((.*)\)$/.exec(prototype);
  if (parts === null) throw new TypeError(`Not a C prototype: ${prototype}`);
  const [, result = '', symbol = '', parameters = ''] = parts;
  return { result, symbol, parameters: parameters.split(',').map((parameter) => parameter.trim()) };
}

function bindSyscall(prototype: string, numbers: SyscallNumber): (...args: unknown[]) => unknown {
  const number = typeof numbers === 'number' ? numbers : numbers[process.arch === 'arm64' ? 'arm64' : 'x64'];
  const { result, parameters } = parsePrototype(prototype);
  const raw = libc.func('syscall', result === 'int' ? 'long' : result, ['long', ...parameters]);
  return (...args) => raw(number, ...args) as unknown;
}

/**
 * Binds a function of the C library. The result keeps C's convention: -1 means failure, `errno()` says why, nothing is thrown.
 * Pointer parameters are `void*`, which takes bytes, an address or null; `intptr_t` stands for ssize_t.
 * @param call the name under which fault hooks know it; often, not always, the symbol
 * @param number system call to use where the library has no such symbol (musl lacks some)
 */
export function bindCall<F extends (...args: never[]) => number>(call: CallName, prototype: string, number?: SyscallNumber): F {
  let raw: unknown;
  try {
    raw = libc.func(prototype);
  } catch (error) {
    if (number === undefined) throw error;
    raw = bindSyscall(prototype, number);
  }
  return withFaults(call, raw as F);
}

/** Binds a bare system call that the C libraries have no function for. The prototype's own name is only documentation. */
export function bindSyscallNumber<F extends (...args: never[]) => number>(
  call: CallName,
  prototype: string,
  number: SyscallNumber,
): F {
  return withFaults(call, bindSyscall(prototype, number) as unknown as F);
}

/** Like {@link bindCall}, but runs on a thread of koffi's pool and resolves to 0 or the errno (positive). */
export function bindCallAsync<A extends unknown[]>(call: CallName, prototype: string): (...args: A) => Promise<number> {
  const raw = libc.func(prototype);
  return withFaultsAsync(
    call,
    (...args: A) =>
      new Promise<number>((resolve, reject) => {
        raw.async(...args, (error: unknown, result: number) => {
          if (error instanceof Error) reject(error);
          else resolve(result < 0 ? koffi.errno() : 0);
        });
      }),
  );
}

import type { DestinationCapabilities } from '../contracts/capabilities.ts';
import type { Destination } from '../contracts/destination.ts';
import type { CheckContext } from './check-context.ts';

/** What a destination must have for a check to apply: a capability, or a fact among its traits. */
export type Need = keyof DestinationCapabilities | keyof typeof traitNeeds;

/** The words of a contract that a check proves. */
export interface ContractPromise {
  /** Interface and member, for example `Destination.write`. */
  readonly of: string;
  /** From the member's doc comment, word for word. */
  readonly says: string;
}

/** One check of a destination. Plain data but for `run`, so that any test framework can run it. */
export interface ConformanceCheck {
  /** Stable, `group.name`: what a plugin's documentation may refer to. */
  readonly id: string;
  readonly title: string;
  readonly promise: ContractPromise;
  readonly needs?: readonly Need[];
  /** Rejects where the promise is broken. It may write below `context.root` only. */
  readonly run: (context: CheckContext) => Promise<void>;
}

const traitNeeds = {
  'atomic replacement': ({ traits }: Destination) => traits.atomicReplace,
  'times': ({ traits }: Destination) => traits.mtimeResolutionNs > 0n,
  'a size limit of at most 64 MiB': ({ traits }: Destination) => (traits.maxObjectBytes ?? 2n ** 60n) <= 64n << 20n,
  'objects above 4 GiB': ({ traits }: Destination) => (traits.maxObjectBytes ?? 2n ** 60n) > 6n << 30n,
} as const;

/** What `destination` lacks for `check`; undefined where nothing. */
export function missingNeed(check: ConformanceCheck, destination: Destination): Need | undefined {
  return check.needs?.find((need) =>
    need in traitNeeds ? !traitNeeds[need as keyof typeof traitNeeds](destination) : !hasCapability(destination, need),
  );
}

function hasCapability({ capabilities }: Destination, need: Need): boolean {
  return capabilities[need as keyof DestinationCapabilities] !== undefined;
}

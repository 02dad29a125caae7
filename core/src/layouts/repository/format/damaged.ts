import { HoldfastError } from '../../../errors/holdfast-error.ts';

/** The error for bytes of a repository that are not what they must be. `what` names them and what is wrong, in one sentence. */
export function damaged(what: string, cause?: unknown): HoldfastError {
  return new HoldfastError('state-damaged', what, {
    hint: 'Check the repository with `holdfast verify LOCATION`; other snapshots may be whole.',
    cause,
  });
}

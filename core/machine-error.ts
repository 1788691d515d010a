import { DissectoryError } from './errors.ts';

/**
 * What Node reports of files, as users are told it: which file, why, what to do. Null for anything else.
 *
 * For people at the machine only: the message holds paths.
 */
export function machineError(error: unknown): DissectoryError | null {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return null;
  const where = 'path' in error && typeof error.path === 'string' ? error.path : String(error.syscall);
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new DissectoryError('STORE_FULL', `The disk of ${where} is full: free some space there, then do the same again.`, {
        cause: error,
      });
    case 'EFBIG':
      return new DissectoryError('STORE_FULL', `${where} may not grow further: raise the limit of file sizes (ulimit -f).`, {
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new DissectoryError('FORBIDDEN', `${where} may not be used (${error.code}): see to its permissions, or name another.`, {
        cause: error,
      });
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return new DissectoryError('NOT_FOUND', `${where} cannot be opened (${error.code}): see to the spelling.`, { cause: error });
    case 'EMFILE':
    case 'ENFILE':
      return new DissectoryError('STORE_UNAVAILABLE', 'Too many files are open: raise the limit (ulimit -n 4096).', { cause: error });
    case 'ENOMEM':
      return new DissectoryError('STORE_UNAVAILABLE', 'The machine has no memory left: end other programs, or ask for less at once.', {
        cause: error,
      });
    default:
      return null;
  }
}

/** Why a server does not listen, and what to do. `setting` names where the port comes from, such as PORT. */
export function listenError(error: unknown, host: string, port: number, setting: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const refuse = (kind: 'CONFLICT' | 'FORBIDDEN' | 'BAD_INPUT', message: string) => new DissectoryError(kind, message, { cause: error });
  switch (code) {
    case 'EADDRINUSE':
      return refuse('CONFLICT', `Port ${port} of ${host} is taken by another program: choose another with ${setting}.`);
    case 'EACCES':
    case 'EPERM':
      return refuse(
        'FORBIDDEN',
        `This account may not listen on port ${port}: choose one from 1024 with ${setting}, and a proxy in front of it.`,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return refuse(
        'BAD_INPUT',
        `HOST=${host} is no address of this machine: set 127.0.0.1 for this machine alone, 0.0.0.0 for all its addresses.`,
      );
    default:
      return error;
  }
}

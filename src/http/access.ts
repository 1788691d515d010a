import type { IncomingMessage } from 'node:http';
import type { Access } from '../../core/access.ts';

const known = new WeakMap<IncomingMessage, Access>();

/** The guard says once who asks; all routes hear it from here. */
export function setAccess(request: IncomingMessage, access: Access): void {
  known.set(request, access);
}

/** Throws where the request has not passed the guard, which is a defect. */
export function accessOf(request: IncomingMessage): Access {
  const access = known.get(request);
  if (access) return access;
  throw new Error('A request came past the guard.');
}

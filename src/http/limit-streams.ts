import type { RequestHandler } from 'express';
import { DissectoryError } from '../../core/errors.ts';

/** At the same time: each event is answered anew for every one of them. */
const MAX_STREAMS = 200;

/** Refuses event streams beyond those that are kept open at the same time. */
export function limitStreams(): RequestHandler {
  let open = 0;
  return (_, response, next) => {
    if (open >= MAX_STREAMS) {
      return next(
        new DissectoryError('RATE_LIMITED', `${open} event streams are open, as many as are served at the same time: try again later.`),
      );
    }
    open++;
    response.once('close', () => open--);
    next();
  };
}

import { pino } from 'pino';

/** JSON lines on stderr: stdout belongs to what a user started the process for. */
export const log = pino({ name: 'dissectory' }, pino.destination(2));

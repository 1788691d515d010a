import { pino } from 'pino';

/** JSON lines on standard error: standard output belongs to results. */
export const log = pino({ name: 'dissectory', level: process.env.DISSECTORY_LOG_LEVEL ?? 'info' }, pino.destination(2));

import { DissectoryError } from '../../core/errors.ts';
import type { JobQueue } from './open.ts';
import type { JobRequest } from './payload.ts';
import { SCHEDULED } from './settings.ts';

/** A request that is made again and again. */
export interface Schedule {
  name: string;
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  cron: string;
  /** Time zone of the expression, such as Europe/Zurich. */
  tz: string;
  request: JobRequest;
}

/** Sets a schedule, in the place of one of the same name. Throws BAD_INPUT where the expression or the zone is none. */
export async function setSchedule({ boss }: JobQueue, schedule: Schedule): Promise<void> {
  requireSchedulable(schedule);
  const { name, cron, tz, request } = schedule;
  try {
    // A time that was missed while no worker ran is made up for once
    await boss.schedule(SCHEDULED, cron, request, { key: name, tz, missed: 'once' });
  } catch (cause) {
    throw badCron(cron, cause instanceof Error ? cause.message : String(cause));
  }
}

/** What can be seen of a schedule without the database. Throws BAD_INPUT. */
export function requireSchedulable({ name, cron }: Schedule): void {
  if (!/^[\w.-]{1,64}$/.test(name))
    throw new DissectoryError('BAD_INPUT', `"${name.slice(0, 100)}" cannot name a schedule: use up to 64 letters, digits and . _ -.`);
  if (cron.length > 200 || /[^\x20-\x7e]/.test(cron) || cron.trim().split(/\s+/).length !== 5) throw badCron(cron, 'it has five fields');
}

export async function listSchedules({ boss }: JobQueue): Promise<Schedule[]> {
  const schedules = await boss.getSchedules(SCHEDULED);
  return schedules.map(({ key, cron, timezone, data }) => ({ name: key, cron, tz: timezone, request: data as JobRequest }));
}

/** False where there is none of this name. */
export async function removeSchedule({ boss }: JobQueue, name: string): Promise<boolean> {
  if ((await boss.getSchedule(SCHEDULED, name)) === null) return false;
  await boss.unschedule(SCHEDULED, name);
  return true;
}

function badCron(cron: string, why: string): DissectoryError {
  return new DissectoryError(
    'BAD_INPUT',
    `"${cron.slice(0, 200)}" cannot be a schedule: ${why}. Write minute, hour, day, month, weekday, such as "0 3 * * *".`,
  );
}

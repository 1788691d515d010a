import { DEFAULT_TAU } from '../../../core/defaults.ts';
import { DissectoryError } from '../../../core/errors.ts';
import type { DissectSeriesPayload, JobRequest, ScanPayload } from '../../../store/queue/payload.ts';
import { listSchedules, removeSchedule, requireSchedulable, setSchedule } from '../../../store/queue/schedule.ts';
import { endOfJob } from '../await-job.ts';
import type { Context } from '../context.ts';
import { enqueueAsked } from '../enqueue-asked.ts';
import type { MutationResolvers, QueryResolvers, ScheduleResolvers, SeriesRequest, WatchRequest } from '../generated/resolvers.ts';
import type { ScheduleRow } from '../rows.ts';
import { requireLayersAndTau } from './require-layers.ts';

const EVERY_MINUTE = '* * * * *';
const MAX_TEXT = 4096;
const MAX_SCHEDULES = 200;

export const scheduleQueries: Pick<QueryResolvers, 'schedules'> = {
  schedules: async (_, __, { queue }) => (await listSchedules(await queue.open())).sort((a, b) => (a.name < b.name ? -1 : 1)),
};

export const scheduleMutations: Pick<MutationResolvers, 'watchFolder' | 'stopWatching' | 'setSchedule' | 'removeSchedule'> = {
  watchFolder: async (_, { input }, context) => {
    const schedule = { name: watchOf(input.series), cron: EVERY_MINUTE, tz: 'UTC', request: scanOf(input) };
    return set(schedule, context);
  },

  stopWatching: async (_, { series }, { queue }) => removeSchedule(await queue.open(), watchOf(series)),

  async setSchedule(_, { input: { name, cron, timeZone = 'UTC', scan, series } }, context) {
    if (scan && series) throw new DissectoryError('BAD_INPUT', 'Give scan or series, not both: a schedule does one thing.');
    if (scan) return set({ name, cron, tz: timeZone, request: scanOf(scan) }, context);
    if (series) return set({ name, cron, tz: timeZone, request: await seriesOf(series, context) }, context);
    throw new DissectoryError('BAD_INPUT', 'Say what is to be done at set times: give scan or series.');
  },

  removeSchedule: async (_, { name }, { queue }) => removeSchedule(await queue.open(), name),
};

export const Schedule: ScheduleResolvers = {
  timeZone: ({ tz }) => tz,
  kind: ({ request }) => request.kind,
  place: ({ request }) => (request.kind === 'SCAN' ? request.payload.place : null),
  series: ({ request }) => ('series' in request.payload ? (request.payload.series ?? null) : null),
  dataset: ({ request }) => ('dataset' in request.payload ? request.payload.dataset : null),
  layers: ({ request }) => ('layers' in request.payload ? request.payload.layers : []),
  tau: ({ request }) => ('tau' in request.payload ? request.payload.tau : null),
};

/** An @ may stand in a slug, not in a schedule's name. */
const watchOf = (series: string): string => `watch-${series.replaceAll('@', '.')}`;

/** A folder is looked into first: only workers can tell whether it is there and may be read. */
async function set(schedule: ScheduleRow, context: Context): Promise<ScheduleRow> {
  requireSchedulable(schedule);
  const queue = await context.queue.open();
  const others = (await listSchedules(queue)).filter(({ name }) => name !== schedule.name);
  if (others.length >= MAX_SCHEDULES) {
    throw new DissectoryError('CONFLICT', `There are ${others.length} schedules, as many as are kept: remove one that is not needed.`);
  }
  if (schedule.request.kind === 'SCAN') {
    const { job } = await enqueueAsked(queue, schedule.request);
    await endOfJob(context, job.id);
  }
  await setSchedule(queue, schedule);
  return schedule;
}

function scanOf({ place, series, dataset, layers = ['all'], tau = DEFAULT_TAU }: WatchRequest): JobRequest {
  requireLayersAndTau(layers, tau);
  if (place.length > MAX_TEXT) throw new DissectoryError('BAD_INPUT', `place is longer than ${MAX_TEXT} characters.`);
  const payload: ScanPayload = { place, series, dataset, layers: [...layers], tau, fromAfar: true };
  return { kind: 'SCAN', payload };
}

/** Throws NOT_FOUND. */
async function seriesOf({ series, dataset, layers = ['all'], tau = DEFAULT_TAU }: SeriesRequest, { prisma }: Context): Promise<JobRequest> {
  requireLayersAndTau(layers, tau);
  if ((await prisma.series.count({ where: { slug: series } })) === 0) throw absent('series', series);
  if ((await prisma.dataset.count({ where: { slug: dataset } })) === 0) throw absent('dataset', dataset);
  const payload: DissectSeriesPayload = { series, dataset, layers: [...layers], tau };
  return { kind: 'DISSECT_SERIES', payload };
}

const absent = (what: string, slug: string) =>
  new DissectoryError('NOT_FOUND', `There is no ${what} "${slug}": register it first, or see to the spelling.`);

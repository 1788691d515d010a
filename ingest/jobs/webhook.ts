import { createHmac } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { JobWithMetadata, JobResult as Settlement } from 'pg-boss';
import type { JobQueue } from '../../store/queue/open.ts';
import { WEBHOOKS } from '../../store/queue/settings.ts';
import type { Store } from '../../store/store.ts';
import { log } from './log.ts';

export interface Webhook {
  url: string;
  /** Signs what is sent, so that the receiver can tell it from what others send. */
  secret: string;
}

const ANSWER_WITHIN_MS = 10_000;

/** Sees to it that the outside hears of a job's end, in the transaction in which the end is stored. */
export type AnnounceEnd = (client: PoolClient, job: number) => Promise<void>;

/** In the transaction in which a job that dissects ends: the message is sent if and only if the end is stored. */
export async function enqueueWebhook({ boss }: JobQueue, client: PoolClient, job: number): Promise<void> {
  const { rows } = await client.query<{ kind: string }>('SELECT kind FROM jobs WHERE id = $1', [job]);
  if (!['DISSECT', 'EXPERIMENT'].includes(rows[0]?.kind)) return;
  const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values) };
  await boss.send(WEBHOOKS, { job }, { db });
}

/**
 * Posts how a job ended. Signature as hex: HMAC-SHA256 with the secret over `TIMESTAMP.BODY`, in the header
 * `Dissectory-Signature: t=TIMESTAMP,v1=SIGNATURE`. An answer other than 2xx, or none in ten seconds, is tried again
 * later; `Dissectory-Delivery` is the same each time.
 */
export async function postWebhook(
  store: Store,
  { url, secret }: Webhook,
  delivered: JobWithMetadata<{ job: number }>,
): Promise<Settlement> {
  const message = await messageOf(store, delivered.data.job);
  if (message === null) return { id: delivered.id, status: 'completed' };
  const body = JSON.stringify(message);
  const time = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'dissectory-delivery': delivered.id,
        'dissectory-signature': `t=${time},v1=${signature}`,
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await response.body?.cancel();
    if (response.ok) return { id: delivered.id, status: 'completed' };
    throw new Error(`answered ${response.status}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ job: delivered.data.job, reason, tries: delivered.retryCount + 1 }, 'webhook not delivered');
    return { id: delivered.id, status: 'failed', output: { reason } };
  }
}

async function messageOf(store: Store, id: number) {
  const job = await store.prisma.job.findUnique({
    where: { id },
    include: { model: true, dataset: true, dissections: { include: { dissection: { include: { layer: true } } } } },
  });
  if (!job) return null;
  return {
    event: `${job.kind === 'EXPERIMENT' ? 'experiment' : 'dissection'}.${job.state === 'DONE' ? 'finished' : 'failed'}`,
    job: job.id,
    model: job.model?.slug ?? null,
    dataset: job.dataset?.slug ?? null,
    finishedAt: job.finishedAt,
    experiment: job.experimentId,
    dissections: job.dissections.map(({ dissection: { id: number, layer, tau } }) => ({ id: number, layer: layer.name, tau })),
    error: job.errorCode === null ? null : { code: job.errorCode, message: job.errorMessage },
  };
}

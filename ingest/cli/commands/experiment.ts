import { Command } from 'commander';
import { DEFAULT_ALPHAS, DEFAULT_SEEDS, DEFAULT_TAU, DEFAULT_TAUS } from '../../../core/defaults.ts';
import type { Target } from '../../../core/targets.ts';
import type { ExperimentPayload } from '../../../store/queue/payload.ts';
import { requireTarget } from '../../../store/queue/target.ts';
import type { RunSettings } from '../../dissection/asked.ts';
import { dissectCheckpoints } from '../../tasks/experiment/checkpoints.ts';
import { rotationExperiment } from '../../tasks/experiment/rotation.ts';
import { tauSweep } from '../../tasks/experiment/tau-sweep.ts';
import { askWorker } from '../ask-worker.ts';
import { numberList, positive, share } from '../numbers.ts';
import { type Session, withSession } from '../session.ts';
import { oneTarget, targetNote, targetsOption } from '../targets.ts';
import { progress } from '../terminal.ts';

export function experimentCommand(): Command {
  return new Command('experiment')
    .description('dissections that are made to be compared; what the store has already is not computed again')
    .addCommand(rotationCommand())
    .addCommand(tauCommand())
    .addCommand(checkpointsCommand());
}

interface CommonOptions {
  layer: string;
  dataset: string;
  batch: number;
  target: Target[];
  memory: number;
  enqueue?: boolean;
}

const common = (name: string) =>
  new Command(name)
    .requiredOption('--layer <name>', 'as `model layers` shows it')
    .requiredOption('--dataset <slug>', 'registered with `dataset add`')
    .option('--batch <images>', 'images a batch', positive, 32)
    .addOption(targetsOption())
    .option('--memory <megabytes>', 'of activations kept in memory; the rest waits on disk', positive, 1024)
    .option('--enqueue', 'have a worker do it, as it is set up; `jobs` shows how far it is');

function rotationCommand(): Command {
  return common('rotation')
    .description('read a layer in its own basis and in randomly turned ones: are single units special? (paper, 3.2)')
    .argument('<model>', 'slug')
    .option(
      '--alphas <list>',
      'how far to turn, 0 to 1',
      numberList('each from 0 to 1', (a) => a >= 0 && a <= 1),
      [...DEFAULT_ALPHAS],
    )
    .option(
      '--seeds <list>',
      'one random rotation each',
      numberList('whole numbers from 0', (s) => Number.isSafeInteger(s) && s >= 0),
      [...DEFAULT_SEEDS],
    )
    .option('--tau <share>', 'share of activations above the threshold', share, DEFAULT_TAU)
    .action((model: string, options: CommonOptions & { alphas: number[]; seeds: number[]; tau: number }, command: Command) =>
      withSession(command, async (session) => {
        const { layer, dataset, alphas, seeds, tau } = options;
        const asked = { model, layer, dataset, alphas, seeds, tau };
        if (options.enqueue) return enqueueExperiment(session, options, { kind: 'ROTATION', ...asked });
        const { id, dissections } = await withProgress(session, options, (settings) =>
          rotationExperiment(session.store, { ...asked, ...settings }),
        );
        session.terminal.result({ experiment: id, ...asked, dissections }, said(id, dissections));
      }),
    );
}

function tauCommand(): Command {
  return common('taus')
    .description('dissect a layer at several thresholds (paper, 4)')
    .argument('<model>', 'slug')
    .option(
      '--taus <list>',
      'shares of activations above the threshold',
      numberList('each between 0 and 1', (t) => t > 0 && t < 1),
      [...DEFAULT_TAUS],
    )
    .action((model: string, options: CommonOptions & { taus: number[] }, command: Command) =>
      withSession(command, async (session) => {
        const { layer, dataset, taus } = options;
        const asked = { model, layer, dataset, taus };
        if (options.enqueue) return enqueueExperiment(session, options, { kind: 'TAU_SWEEP', ...asked });
        const { id, dissections } = await withProgress(session, options, (settings) => tauSweep(session.store, { ...asked, ...settings }));
        session.terminal.result({ experiment: id, ...asked, dissections }, said(id, dissections));
      }),
    );
}

function checkpointsCommand(): Command {
  return common('checkpoints')
    .description('dissect the same layer of every checkpoint of a series (paper, 3.6)')
    .argument('<series>', 'slug')
    .option('--tau <share>', 'share of activations above the threshold', share, DEFAULT_TAU)
    .action((series: string, options: CommonOptions & { tau: number }, command: Command) =>
      withSession(command, async (session) => {
        const { layer, dataset, tau } = options;
        if (options.enqueue) {
          const runsOn = oneTarget(options.target);
          const payload = { series, dataset, layers: [layer], tau, ...(runsOn && { runsOn }) };
          return askWorker(session, { kind: 'DISSECT_SERIES', payload });
        }
        const asked = { series, layer, dataset, tau, onModel: (model: string) => session.terminal.note(model) };
        const dissections = await withProgress(session, options, (settings) =>
          dissectCheckpoints(session.store, { ...asked, ...settings }),
        );
        const lines = dissections.map(({ model, id, computed }) => `${model}: dissection ${id}${computed ? '' : ' (already stored)'}`);
        session.terminal.result({ series, layer, dataset, tau, dissections }, lines.join('\n'));
      }),
    );
}

async function enqueueExperiment(session: Session, { target }: CommonOptions, asked: ExperimentPayload): Promise<void> {
  const runsOn = oneTarget(target);
  if (runsOn) await requireTarget(session.store.prisma, asked.model, runsOn);
  await askWorker(session, { kind: 'EXPERIMENT', payload: { ...asked, ...(runsOn && { runsOn }) } });
}

function said(id: number, dissections: readonly { computed: boolean }[]): string {
  const computed = dissections.filter((one) => one.computed).length;
  return `experiment ${id}: ${dissections.length} dissections, ${computed} of them computed now; \`dissectory export experiment ${id}\` writes the results out`;
}

async function withProgress<T>(
  session: Session,
  { batch, target, memory }: CommonOptions,
  work: (settings: RunSettings) => Promise<T>,
): Promise<T> {
  const bars = progress(session.terminal);
  try {
    return await work({
      batchSize: batch,
      targets: target,
      memory: memory * 2 ** 20,
      home: session.home,
      onStart: (device, passedOver) => session.terminal.note(targetNote(device, passedOver)),
      onProgress: (phase, images, of) => bars.show(phase, images, of),
    });
  } finally {
    bars.stop();
  }
}

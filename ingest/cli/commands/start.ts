import path from 'node:path';
import { Command } from 'commander';
import { DEFAULT_TAU } from '../../../core/defaults.ts';
import { PACKAGE_ROOT } from '../../../store/package.ts';
import { addDataset } from '../../tasks/add-dataset.ts';
import { addModel } from '../../tasks/add-model.ts';
import { dissectModel } from '../../tasks/dissect-model.ts';
import { indexDataset } from '../../tasks/index-dataset.ts';
import { keepWorker } from '../keep-worker.ts';
import { type Session, withSession } from '../session.ts';
import { progress } from '../terminal.ts';
import { serve } from './serve.ts';

const EXAMPLES = path.join(PACKAGE_ROOT, 'examples');
const DATASET = 'broden-mini';
const NETWORKS = [
  { model: 'scenes-alexnet-fc', layers: ['all'] },
  { model: 'objects-alexnet', layers: ['conv5'] },
  { model: 'scenes-resnet', layers: ['layer4'] },
];

export function startCommand(): Command {
  return new Command('start')
    .description('dissect the bundled example networks, unless that is stored already, serve the results, and run a worker beside')
    .option('--port <port>', 'default: PORT, else 4000')
    .action(({ port }: { port?: string }, command: Command) =>
      withSession(command, async (session) => {
        await dissectExamples(session);
        session.hearSignals();
        const stopWorker = keepWorker();
        try {
          await serve(port);
        } finally {
          await stopWorker();
        }
      }),
    );
}

async function dissectExamples({ store, home, terminal }: Session): Promise<void> {
  await addDataset(store, path.join(EXAMPLES, DATASET), { slug: DATASET });
  const indexing = progress(terminal);
  await indexDataset(store, DATASET, (images, of) => indexing.show('index', images, of)).finally(indexing.stop);
  for (const { model, layers } of NETWORKS) {
    await addModel(store, path.join(EXAMPLES, 'models', `${model}.onnx`), { slug: model });
    terminal.note(`${model}: ${layers.join(', ')}`);
    const bars = progress(terminal);
    try {
      await dissectModel(store, {
        model,
        dataset: DATASET,
        layers,
        tau: DEFAULT_TAU,
        memory: 2 ** 28,
        home,
        onProgress: (phase, images, of) => bars.show(phase, images, of),
      });
    } finally {
      bars.stop();
    }
  }
}
